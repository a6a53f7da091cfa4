import HTTPTypes
import Hummingbird
import NIOCore

/// `GET /`: one small page that shows a person what health and the session API show programs. Its files are embedded in the
/// executable.
struct PageController: Sendable {
    func addRoutes(to router: Router<BasicRequestContext>) {
        add("/", PackageResources.index_html, "text/html; charset=utf-8", to: router)
        add("/page.css", PackageResources.page_css, "text/css; charset=utf-8", to: router)
        add("/page.js", PackageResources.page_js, "text/javascript; charset=utf-8", to: router)
    }

    private func add(
        _ path: RouterPath, _ content: [UInt8], _ type: String, to router: Router<BasicRequestContext>
    ) {
        let body = ByteBuffer(bytes: content)
        router.get(path) { _, _ in
            Response(
                status: .ok, headers: [.contentType: type, .cacheControl: "no-cache"],
                body: ResponseBody(byteBuffer: body))
        }
    }
}
