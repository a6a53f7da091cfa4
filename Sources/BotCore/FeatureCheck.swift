// A misspelt upcoming feature in Package.swift is silently ignored by the compiler; here it stops the build.
#if !hasFeature(ExistentialAny)
    #error("ExistentialAny is off: check the feature names in Package.swift")
#endif
#if !hasFeature(ImmutableWeakCaptures)
    #error("ImmutableWeakCaptures is off: check the feature names in Package.swift")
#endif
#if !hasFeature(InferIsolatedConformances)
    #error("InferIsolatedConformances is off: check the feature names in Package.swift")
#endif
#if !hasFeature(InternalImportsByDefault)
    #error("InternalImportsByDefault is off: check the feature names in Package.swift")
#endif
#if !hasFeature(MemberImportVisibility)
    #error("MemberImportVisibility is off: check the feature names in Package.swift")
#endif
#if !hasFeature(NonisolatedNonsendingByDefault)
    #error("NonisolatedNonsendingByDefault is off: check the feature names in Package.swift")
#endif
