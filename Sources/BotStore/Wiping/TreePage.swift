/// Where a page of a b-tree holds nothing: see "B-tree Pages" in SQLite's file format.
enum TreePage {
    /// Pages from this number on are not looked at. The first bytes of a page that is none of a b-tree are the number of another page, and
    /// up to here its first byte is 0 or 1, which is no kind of b-tree page. With pages of 1,024 bytes that is a file of 32 GiB.
    static let limit = 0x0200_0000

    /// The bytes between the cell pointers and the cells of a page other than the first; nil when it is not a page of a b-tree.
    ///
    /// Nobody reads them. What SQLite frees elsewhere in a page it overwrites itself (`secure_delete`); here are what is left when it
    /// packs the cells of a page anew, copies of cells that were moved to another page among them.
    static func gap(_ page: UnsafeRawBufferPointer) -> Range<Int>? {
        guard page.count >= 512 else { return nil }
        let header: Int
        switch page[0] {
        case 2, 5: header = 12
        case 10, 13: header = 8
        default: return nil
        }
        let cells = Int(page[3]) << 8 | Int(page[4])
        let content = Int(page[5]) << 8 | Int(page[6])
        let (start, end) = (header + 2 * cells, content == 0 ? 65_536 : content)
        return start <= end && end <= page.count ? start..<end : nil
    }
}
