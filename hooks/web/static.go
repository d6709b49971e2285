package web

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
)

// pagePolicy is the page's Content-Security-Policy: everything from this
// origin, nothing inline, nothing framed.
const pagePolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
	"connect-src 'self'; font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// static serves the page's files. They are part of the binary and so have no
// time of change; a digest of each tells browsers whether theirs is current.
type static struct {
	handler func(*core.RequestEvent) error
	etags   map[string]string // by path
}

func newStatic(public fs.FS) (*static, error) {
	s := &static{handler: apis.Static(public, false), etags: map[string]string{}}
	err := fs.WalkDir(public, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := fs.ReadFile(public, name)
		if err != nil {
			return err
		}
		digest := sha256.Sum256(data)
		s.etags[name] = `"` + hex.EncodeToString(digest[:12]) + `"`
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the page's files: %w", err)
	}
	return s, nil
}

func (s *static) middlewares() []*hook.Handler[*core.RequestEvent] {
	return []*hook.Handler[*core.RequestEvent]{apis.Gzip()}
}

func (s *static) serve(e *core.RequestEvent) error {
	name := strings.TrimPrefix(path.Clean("/"+e.Request.PathValue(apis.StaticWildcardParam)), "/")
	if name == "" || strings.HasSuffix(e.Request.URL.Path, "/") {
		name = path.Join(name, "index.html")
	}
	if etag, ok := s.etags[name]; ok {
		header := e.Response.Header()
		header.Set("ETag", etag)
		header.Set("Cache-Control", "no-cache")
		header.Set("Content-Security-Policy", pagePolicy)
	}
	return s.handler(e)
}
