package epub

import (
	"encoding/xml"
	"net/url"
	"path"
	"strings"

	"verso/hooks/translation/document"
	"verso/hooks/translation/document/archive"
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
		return "", document.Unreadablef("The file is no EPUB book: %s is missing in it, which says where its contents are. Save or download it again.", containerFile)
	}
	found := ""
	err := a.EachElement(containerFile, func(e xml.StartElement) {
		kind := archive.Attribute(e, "media-type")
		if e.Name.Local == "rootfile" && found == "" && (kind == packageType || kind == "") {
			found = resolve("", archive.Attribute(e, "full-path"))
		}
	})
	if err != nil {
		return "", err
	}
	if found == "" {
		return "", document.Unreadablef("The book's %s names no package document, so its contents cannot be found; save or download the book again.", containerFile)
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
	err := a.EachElement(encryptionFile, func(e xml.StartElement) {
		switch e.Name.Local {
		case "EncryptionMethod":
			method = archive.Attribute(e, "Algorithm")
		case "CipherReference":
			if !obfuscates(method) && protected == "" {
				protected = archive.Attribute(e, "URI")
			}
		}
	})
	if err != nil {
		return err
	}
	if protected != "" {
		return document.Unreadablef("The book is copy-protected (DRM): its file %s is encrypted. Only books without copy protection can be translated.", document.Quote(protected)).Because(document.CopyProtected)
	}
	return nil
}

// obfuscates reports whether a method only obfuscates fonts: IDPF's, and Adobe's
// older one.
func obfuscates(method string) bool {
	return method == "http://www.idpf.org/2008/embedding" || method == "http://ns.adobe.com/pdf/enc#RC"
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
