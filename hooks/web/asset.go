package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/andybalholm/brotli"
)

// asset is a file of the page as it travels: packed at the highest level, once.
type asset struct {
	mediaType string
	digest    string
	plain     []byte
	// gzip and brotli pack at the first request for them: all of the page at once
	// would delay the start by most of a second.
	gzip, brotli func() []byte
}

// compressible are the kinds of files that get smaller by packing.
func compressible(mediaType string) bool {
	kind, _, _ := mime.ParseMediaType(mediaType)
	switch kind {
	case "application/manifest+json", "application/json", "image/svg+xml":
		return true
	}
	return strings.HasPrefix(kind, "text/")
}

func newAsset(name string, data []byte) *asset {
	digest := sha256.Sum256(data)
	return &asset{
		mediaType: mediaTypeOf(name),
		digest:    hex.EncodeToString(digest[:12]),
		plain:     data,
		gzip: sync.OnceValue(func() []byte {
			return packed(data, func(w io.Writer) io.WriteCloser {
				packer, _ := gzip.NewWriterLevel(w, gzip.BestCompression) // it refuses other levels only
				return packer
			})
		}),
		brotli: sync.OnceValue(func() []byte {
			return packed(data, func(w io.Writer) io.WriteCloser { return brotli.NewWriterLevel(w, brotli.BestCompression) })
		}),
	}
}

// mediaTypeOf does not ask the machine's own tables, which differ.
func mediaTypeOf(name string) string {
	switch ext := path.Ext(name); ext {
	case ".html", ".css":
		return "text/" + ext[1:] + "; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".md":
		return "text/markdown; charset=utf-8"
	case ".json", ".map":
		return "application/json"
	case ".webmanifest":
		return "application/manifest+json"
	case ".svg":
		return "image/svg+xml"
	case ".png":
		return "image/png"
	default:
		return "application/octet-stream"
	}
}

func packed(data []byte, packer func(io.Writer) io.WriteCloser) []byte {
	var small bytes.Buffer
	w := packer(&small)
	_, _ = w.Write(data) // a buffer takes everything
	_ = w.Close()
	return small.Bytes()
}

// serve answers with the smallest form that the client takes.
func (a *asset) serve(w http.ResponseWriter, r *http.Request) {
	data, suffix := a.plain, ""
	header := w.Header()
	if compressible(a.mediaType) {
		header.Add("Vary", "Accept-Encoding")
		switch accepted := r.Header.Values("Accept-Encoding"); {
		case accepts(accepted, "br"):
			data, suffix = a.brotli(), "-br"
			header.Set("Content-Encoding", "br")
		case accepts(accepted, "gzip"):
			data, suffix = a.gzip(), "-gzip"
			header.Set("Content-Encoding", "gzip")
		}
	}
	header.Set("Content-Type", a.mediaType)
	header.Set("ETag", `"`+a.digest+suffix+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(data))
}

// accepts reports whether an Accept-Encoding header names a coding and does not
// weigh it with nothing (RFC 9110, section 12.5.3).
func accepts(header []string, coding string) bool {
	for field := range strings.SplitSeq(strings.Join(header, ","), ",") {
		name, parameters, _ := strings.Cut(strings.TrimSpace(field), ";")
		if !strings.EqualFold(strings.TrimSpace(name), coding) {
			continue
		}
		weight, found := strings.CutPrefix(strings.ToLower(strings.ReplaceAll(parameters, " ", "")), "q=")
		value, err := strconv.ParseFloat(weight, 64)
		return !found || err != nil || value > 0
	}
	return false
}
