package archive

import (
	"archive/zip"
	"cmp"
	"slices"
	"strings"

	"verso/hooks/translation/document"
)

const (
	// maxEntries bounds the entries: the largest book of scanned pages known has
	// some ten thousand.
	maxEntries = 50_000
	// maxUnpacked bounds the bytes of text that a document may unpack to. A long
	// novel has two million, the Mahabharata fifteen.
	maxUnpacked = 64 << 20
	// maxTotal bounds what all entries say that they unpack to. They are copied
	// without being unpacked, but whoever opens the document will unpack them.
	maxTotal = 4 << 30
	// maxRatio bounds how much more than its size a document may unpack to, once
	// that is more than ratioFrom bytes. Text reaches 10, empty pictures 200;
	// deflate cannot go beyond 1,032.
	maxRatio  = 400
	ratioFrom = 64 << 20
)

// The bit of an entry's flags that says that it is encrypted, and the methods that
// mean an encrypted one (APPNOTE.TXT 4.4.4, 4.4.5).
const (
	encryptedFlag = 0x1
	methodAES     = 99
)

// check refuses what no honest program packs.
func check(files []*zip.File, size uint64, what string) error {
	if len(files) > maxEntries {
		return tooMany(len(files), what)
	}
	seen := make(map[string]bool, len(files))
	var total uint64
	for _, file := range files {
		if err := checkName(file.Name, what); err != nil {
			return err
		}
		if seen[file.Name] {
			return document.Unreadablef("The %s holds the file %s twice, so it is not clear which one counts; pack it again.", what, document.Quote(file.Name))
		}
		seen[file.Name] = true
		if file.Flags&encryptedFlag != 0 || file.Method == methodAES {
			return document.Unreadablef("The file %s in the %s is encrypted; remove the password or the copy protection and upload it again.", document.Quote(file.Name), what).Because(document.Encrypted)
		}
		if file.Method == zip.Store && file.CompressedSize64 != file.UncompressedSize64 {
			return document.Unreadablef("The %s is damaged: the file %s has two sizes. Save or download it again.", what, document.Quote(file.Name))
		}
		total += min(file.UncompressedSize64, maxTotal+1)
		if total > maxTotal || total > ratioFrom && total/maxRatio > size {
			return document.Unreadablef("The %s unpacks to far more than a document holds, at the file %s, and is not opened; divide it, or leave that file out.", what, document.Quote(file.Name))
		}
	}
	return checkPlaces(files, size, what)
}

func tooMany(n int, what string) error {
	return document.Unreadablef("The %s holds %d files, and at most %d are read; divide it.", what, n, maxEntries)
}

// directorySignature begins every entry of a ZIP file's directory.
const directorySignature = "PK\x01\x02"

// checkName refuses names that would lead out of the folder into which somebody
// unpacks the document.
func checkName(name, what string) error {
	slashed := strings.ReplaceAll(name, `\`, "/") // as Windows takes it
	if slashed == "" || strings.ContainsRune(slashed, 0) || strings.HasPrefix(slashed, "/") ||
		len(slashed) > 1 && slashed[1] == ':' || slices.Contains(strings.Split(slashed, "/"), "..") {
		return document.Unreadablef("The %s holds a file with the name %s, which leads out of it or is no name; pack it again without that file.", what, document.Quote(name))
	}
	return nil
}

// checkPlaces refuses entries that lie over one another, by which a small file
// unpacks to a huge one (David Fifield, A better zip bomb, 2019), and entries that
// lie outside of the file.
func checkPlaces(files []*zip.File, size uint64, what string) error {
	type place struct {
		start, end uint64
		name       string
	}
	places := make([]place, 0, len(files))
	for _, file := range files {
		start, err := file.DataOffset()
		if err != nil {
			return damaged(file.Name, err)
		}
		end := uint64(start) + file.CompressedSize64
		if end > size || end < uint64(start) {
			return document.Unreadablef("The %s is damaged or cut off: the file %s does not lie within it. Save or download it again.", what, document.Quote(file.Name))
		}
		places = append(places, place{uint64(start), end, file.Name})
	}
	slices.SortFunc(places, func(a, b place) int { return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(a.end, b.end)) })
	for i := 1; i < len(places); i++ {
		if places[i].start < places[i-1].end {
			return document.Unreadablef("The %s is not opened: its files %s and %s lie over one another; pack it again.", what, document.Quote(places[i-1].name), document.Quote(places[i].name))
		}
	}
	return nil
}
