// Package archive opens ZIP files that come from strangers, and writes them again
// with some of their entries replaced.
//
// A document that is a ZIP file is edited, not packed anew: [Archive.Write] copies
// every entry that is not replaced as it is, compressed bytes, header and place
// included. What a stranger may put into such a file stands in check.go.
package archive

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"verso/hooks/translation/document"
)

// Archive is an open ZIP file that was found to be harmless.
type Archive struct {
	reader *zip.Reader
	byName map[string]*zip.File
	room   uint64 // bytes that [Archive.Read] may still unpack
}

// Open reads the directory of a ZIP file. what names the kind of document, such as
// "EPUB file", for the sentences of errors. What is broken, encrypted or built to
// do harm is a [*document.Error].
func Open(data, what string) (*Archive, error) {
	if n := strings.Count(data, directorySignature); n > maxEntries {
		return nil, tooMany(n, what) // before each takes memory
	}
	reader, err := zip.NewReader(strings.NewReader(data), int64(len(data)))
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, &document.Error{
			Kind: document.Unreadable, Err: err,
			Message: fmt.Sprintf("The %s cannot be opened: its ZIP directory is missing or damaged. Save or download it again.", what),
		}
	}
	if err := check(reader.File, uint64(len(data)), what); err != nil {
		return nil, err
	}
	a := &Archive{reader: reader, byName: make(map[string]*zip.File, len(reader.File)), room: maxUnpacked}
	for _, file := range reader.File {
		a.byName[file.Name] = file
	}
	return a, nil
}

// UnpackedSize returns the bytes of what is compressed in a ZIP file, as its
// directory tells them; 0 for what is none.
func UnpackedSize(data string) int64 {
	if strings.Count(data, directorySignature) > maxEntries {
		return 0 // it will be refused
	}
	reader, err := zip.NewReader(strings.NewReader(data), int64(len(data)))
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return 0
	}
	var size uint64
	for _, file := range reader.File {
		if file.Method != zip.Store {
			size += min(file.UncompressedSize64, maxTotal)
		}
	}
	return int64(min(size, maxTotal))
}

// Names returns the entries' names, in the order in which they stand.
func (a *Archive) Names() []string {
	names := make([]string, len(a.reader.File))
	for i, file := range a.reader.File {
		names[i] = file.Name
	}
	return names
}

// Has reports whether there is an entry of that name.
func (a *Archive) Has(name string) bool { return a.byName[name] != nil }

// Stored reports whether an entry stands uncompressed, and whether it is the
// first.
func (a *Archive) Stored(name string) (stored, first bool) {
	file := a.byName[name]
	return file != nil && file.Method == zip.Store, len(a.reader.File) > 0 && a.reader.File[0] == file
}

// Read unpacks an entry. All that is read of an archive may be 64 MB. It must not
// be called from several goroutines at a time.
func (a *Archive) Read(name string) (string, error) {
	file := a.byName[name]
	if file == nil {
		return "", document.Unreadablef("The file %s is missing in the document; save or download the document again.", document.Quote(name))
	}
	if file.UncompressedSize64 > a.room {
		return "", document.Unreadablef("The document holds more than %d MB of text, at %s; divide it into several.", maxUnpacked>>20, document.Quote(name))
	}
	a.room -= file.UncompressedSize64
	return unpack(file)
}

// unpack unpacks an entry, to the size that the directory says and no further.
func unpack(file *zip.File) (string, error) {
	content, err := file.Open()
	if err != nil {
		return "", damaged(file.Name, err)
	}
	defer content.Close() // of a file in memory
	var out strings.Builder
	out.Grow(int(min(file.UncompressedSize64, firstRoom)))
	// One byte more than it says tells a size that lies.
	n, err := io.Copy(&out, io.LimitReader(content, int64(file.UncompressedSize64)+1))
	if err == nil && uint64(n) != file.UncompressedSize64 {
		err = fmt.Errorf("size is not the %d bytes that the directory says", file.UncompressedSize64)
	}
	if err != nil {
		return "", damaged(file.Name, err)
	}
	return out.String(), nil
}

// firstRoom bounds what is reserved on the word of a directory.
const firstRoom = 1 << 20

// Write writes the archive with the entries that replace has a content for
// replaced, and all others as they are. first names the entry that must be the
// first and uncompressed, "" for none.
func (a *Archive) Write(ctx context.Context, w io.Writer, first string, replace func(name string) (content string, ok bool, err error)) error {
	out := zip.NewWriter(w)
	p := packer{out: out}
	if err := out.SetComment(a.reader.Comment); err != nil {
		return fmt.Errorf("write ZIP comment: %w", err)
	}
	files := a.reader.File
	if stored, isFirst := a.Stored(first); first != "" && a.Has(first) && !(stored && isFirst) {
		content, err := unpack(a.byName[first])
		if err != nil {
			return err
		}
		if err := writeStored(out, first, content); err != nil {
			return err
		}
	} else {
		first = "" // stands where it should
	}
	for _, file := range files {
		if err := ctx.Err(); err != nil {
			return err
		}
		if file.Name == first {
			continue
		}
		content, replaced, err := replace(file.Name)
		if err != nil {
			return err
		}
		if replaced {
			err = p.write(file, content)
		} else {
			err = out.Copy(file)
		}
		if err != nil {
			return fmt.Errorf("write ZIP entry %q: %w", file.Name, err)
		}
	}
	if err := out.Close(); err != nil {
		return fmt.Errorf("write ZIP directory: %w", err)
	}
	return nil
}

func damaged(name string, err error) error {
	bad := document.Unreadablef("The file %s in the document is damaged; save or download the document again.", document.Quote(name))
	bad.Err = err
	return bad
}
