package web

import (
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
)

// static serves the page's files, which are part of the binary.
type static struct {
	assets map[string]*asset // by path
	policy string            // the page's Content-Security-Policy
}

func newStatic(public fs.FS) (*static, error) {
	s := &static{assets: map[string]*asset{}}
	modules, first, err := bundle(public)
	if err != nil {
		return nil, fmt.Errorf("bundle the page's modules: %w", err)
	}
	for name, data := range modules {
		s.assets[name] = newAsset(name, data)
	}
	err = fs.WalkDir(public, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.HasPrefix(name, sourceFolder) {
			return err
		}
		data, err := fs.ReadFile(public, name)
		if err != nil {
			return err
		}
		switch {
		case name == indexFile:
			data, err = preload(data, first)
		case path.Ext(name) == ".css":
			data, err = minifiedCSS(data)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		s.assets[name] = newAsset(name, data)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the page's files: %w", err)
	}
	return s, nil
}

// serve answers with a file of the page.
func (s *static) serve(e *core.RequestEvent) error {
	name := strings.TrimPrefix(path.Clean("/"+e.Request.PathValue(apis.StaticWildcardParam)), "/")
	if name == "" || strings.HasSuffix(e.Request.URL.Path, "/") {
		name = path.Join(name, "index.html")
	}
	return s.serveFile(e, name)
}

// serveFile answers with one file, whatever the address was. Nothing is kept without
// asking, because a new binary is a new page, but for what has its digest as a name.
func (s *static) serveFile(e *core.RequestEvent, name string) error {
	asset, ok := s.assets[name]
	if !ok {
		return e.NotFoundError("File not found.", nil)
	}
	header := e.Response.Header()
	header.Set("Cache-Control", "no-cache")
	if strings.HasPrefix(name, chunkFolder) {
		header.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	header.Set("Content-Security-Policy", s.policy)
	asset.serve(e.Response, e.Request)
	return nil
}
