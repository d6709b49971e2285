package epub

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/url"
	"path"
	"strings"

	"verso/hooks/translation/document"
	"verso/hooks/translation/document/archive"
	"verso/hooks/translation/document/charset"
)

// The files that every book has, or may have, at fixed places (EPUB Open Container
// Format).
const (
	mimetypeFile   = "mimetype"
	containerFile  = "META-INF/container.xml"
	encryptionFile = "META-INF/encryption.xml"
)

// rootfile returns the name of a book's package document: the first, where there
// are several, which is the one that counts (EPUB Open Container Format).
func rootfile(a *archive.Archive) (string, error) {
	if !a.Has(containerFile) {
		return "", unreadable("The file is no EPUB book: %s is missing in it, which says where its contents are. Save or download it again.", containerFile)
	}
	found := ""
	err := each(a, containerFile, func(e xml.StartElement) {
		kind := attribute(e, "media-type")
		if e.Name.Local == "rootfile" && found == "" && (kind == packageType || kind == "") {
			found = resolve("", attribute(e, "full-path"))
		}
	})
	if err != nil {
		return "", err
	}
	if found == "" {
		return "", unreadable("The book's %s names no package document, so its contents cannot be found.", containerFile)
	}
	return found, nil
}

// refuseProtected refuses a book whose files are encrypted.
func refuseProtected(a *archive.Archive) error {
	if !a.Has(encryptionFile) {
		return nil
	}
	protected := ""
	method := ""
	err := each(a, encryptionFile, func(e xml.StartElement) {
		switch e.Name.Local {
		case "EncryptionMethod":
			method = attribute(e, "Algorithm")
		case "CipherReference":
			if !obfuscates(method) && protected == "" {
				protected = attribute(e, "URI")
			}
		}
	})
	if err != nil {
		return err
	}
	if protected != "" {
		return unreadable("The book is copy-protected (DRM): its file %q is encrypted. Only books without copy protection can be translated.", shorten(protected))
	}
	return nil
}

// obfuscates reports whether a method only obfuscates fonts: IDPF's, and Adobe's
// older one.
func obfuscates(method string) bool {
	return method == "http://www.idpf.org/2008/embedding" || method == "http://ns.adobe.com/pdf/enc#RC"
}

// each calls found for each start tag of an XML file of the book.
func each(a *archive.Archive, name string, found func(xml.StartElement)) error {
	data, err := a.Read(name)
	if err != nil {
		return err
	}
	source, _, err := charset.DecodeXML(data, "")
	if err != nil {
		return in(name, err)
	}
	decoder := xml.NewDecoder(strings.NewReader(source))
	decoder.Strict = false
	decoder.CharsetReader = func(_ string, input io.Reader) (io.Reader, error) { return input, nil } // decoded already
	for {
		token, err := decoder.RawToken()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return in(name, &document.Error{Kind: document.Unreadable, Message: "It is not valid XML.", Err: err})
		}
		if start, ok := token.(xml.StartElement); ok {
			found(start)
		}
	}
}

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// resolve returns the name of the file that a reference in a file means, "" for one
// outside of the book.
func resolve(from, reference string) string {
	reference, _, _ = strings.Cut(reference, "#")
	if reference == "" || isRemote(reference) {
		return ""
	}
	if decoded, err := url.PathUnescape(reference); err == nil {
		reference = decoded
	}
	return strings.TrimPrefix(path.Join("/", path.Dir(from), reference), "/")
}

// isRemote reports whether a reference begins with a scheme.
func isRemote(reference string) bool {
	scheme, _, ok := strings.Cut(reference, ":")
	return ok && !strings.ContainsAny(scheme, "/?#. ")
}

// in says in which of the book's files something is wrong.
func in(name string, err error) error {
	var bad *document.Error
	if errors.As(err, &bad) {
		return &document.Error{Kind: bad.Kind, Message: fmt.Sprintf("In the book's file %q: %s", shorten(name), bad.Message), Err: bad.Err}
	}
	return err
}

func unreadable(format string, args ...any) error {
	return &document.Error{Kind: document.Unreadable, Message: fmt.Sprintf(format, args...)}
}

// shorten returns a name from a book, for a message.
func shorten(name string) string {
	if runes := []rune(name); len(runes) > 80 {
		return string(runes[:80]) + "…"
	}
	return name
}
