package web_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/andybalholm/brotli"

	"verso/hooks/web"
)

// page is a page of a few modules, one of which is asked for later.
func page() fstest.MapFS {
	return fstest.MapFS{
		"index.html":           {Data: []byte("<!doctype html><!-- modules -->")},
		"app/main.js":          {Data: []byte("import { view } from './view/view.js';\nimport '../vendor/lib.js';\n// Opens it.\nview();\nimport('./late.js');\n")},
		"app/view/view.js":     {Data: []byte("import { words } from '../words.js';\n/** Says it. */\nexport function view() { document.title = words.title + `a  b`; }\n")},
		"app/words.js":         {Data: []byte("export const words = { title: 'Verso' };\n")},
		"app/late.js":          {Data: []byte("export {};\n")},
		"vendor/lib.js":        {Data: []byte("// As it came.\nexport {};\n")},
		"styles/base.css":      {Data: []byte("/* Colours. */\nbody { color: #ff0000; }\n")},
		"manifest.webmanifest": {Data: []byte(`{"name": "Verso"}`)},
	}
}

func TestEncodings(t *testing.T) {
	_, handler := mustServe(t, web.Config{Public: page()})
	plain := get(handler, "/app/main.js").Body.String()
	if strings.Contains(plain, "Says it") || !strings.Contains(plain, `"a  b"`) || !strings.Contains(plain, "Verso") {
		t.Errorf("the modules are served as %s", plain)
	}
	unpack := map[string]func(io.Reader) (io.Reader, error){
		"br":   func(r io.Reader) (io.Reader, error) { return brotli.NewReader(r), nil },
		"gzip": func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) },
		"":     func(r io.Reader) (io.Reader, error) { return r, nil },
	}
	etags := map[string]bool{}
	for accepted, want := range map[string]string{
		"": "", "gzip": "gzip", "gzip, deflate, br": "br", "br;q=0, gzip;q=0.5": "gzip", "gzip; q=0": "", "br;Q=0": "", "identity": "", "BR": "br", "brotli": "",
	} {
		answer := get(handler, "/app/main.js", "Accept-Encoding", accepted)
		if got := answer.Header().Get("Content-Encoding"); got != want {
			t.Errorf("Accept-Encoding %q: got %q, want %q", accepted, got, want)
			continue
		}
		if !strings.Contains(strings.Join(answer.Header().Values("Vary"), ","), "Accept-Encoding") {
			t.Errorf("Accept-Encoding %q: Vary is %q", accepted, answer.Header().Values("Vary"))
		}
		etag := answer.Header().Get("ETag")
		etags[etag] = true
		reader, err := unpack[want](bytes.NewReader(answer.Body.Bytes()))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(reader); err != nil || string(got) != plain {
			t.Errorf("Accept-Encoding %q: got %s, %v", accepted, got, err)
		}
		if code := get(handler, "/app/main.js", "Accept-Encoding", accepted, "If-None-Match", etag).Code; code != http.StatusNotModified {
			t.Errorf("Accept-Encoding %q: asked again got %d", accepted, code)
		}
	}
	if len(etags) != 3 {
		t.Errorf("the three forms have the tags %v", etags)
	}
}

func TestMediaTypes(t *testing.T) {
	_, handler := mustServe(t, web.Config{Public: page()})
	for path, want := range map[string]string{
		"/": "text/html; charset=utf-8", "/app/main.js": "text/javascript; charset=utf-8",
		"/styles/base.css": "text/css; charset=utf-8", "/manifest.webmanifest": "application/manifest+json",
	} {
		if got := get(handler, path).Header().Get("Content-Type"); got != want {
			t.Errorf("%s is %q, want %q", path, got, want)
		}
	}
	if got := strings.TrimSpace(get(handler, "/styles/base.css").Body.String()); got != "body{color:red}" {
		t.Errorf("the style sheet is served as %s", got)
	}
	if got := get(handler, "/app/words.js").Code; got != http.StatusNotFound {
		t.Errorf("a source is answered with %d", got)
	}
}

// TestBundle holds that index.html names what the page begins with, that what comes
// later is where the code asks for it, and may be kept.
func TestBundle(t *testing.T) {
	_, handler := mustServe(t, web.Config{Public: page()})
	index := get(handler, "/").Body.String()
	if !strings.Contains(index, `<link rel="modulepreload" href="/app/main.js">`) || strings.Contains(index, "modules -->") {
		t.Errorf("index.html is %s", index)
	}
	later := regexp.MustCompile(`import\("\./(chunks/\w+\.js)"\)`).FindStringSubmatch(get(handler, "/app/main.js").Body.String())
	if later == nil {
		t.Fatalf("nothing is fetched later in %s", get(handler, "/app/main.js").Body)
	}
	chunk := get(handler, "/app/"+later[1])
	if chunk.Code != http.StatusOK || !strings.Contains(chunk.Header().Get("Cache-Control"), "immutable") || strings.Contains(index, later[1]) {
		t.Errorf("%s is answered with %d, %v", later[1], chunk.Code, chunk.Header())
	}
	app, _ := mustServe(t, web.Config{})
	for name, spoil := range map[string]func(fstest.MapFS){
		"app/words.js": func(public fstest.MapFS) { delete(public, "app/words.js") },
		"view.js:2": func(public fstest.MapFS) {
			public["app/view/view.js"].Data = []byte("import '../words.js';\nlet = 'what'")
		},
		"<!-- modules -->": func(public fstest.MapFS) { public["index.html"].Data = nil },
	} {
		spoilt := page()
		spoil(spoilt)
		if err := web.Register(app, web.Config{Public: spoilt}); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("without %s: %v", name, err)
		}
	}
}
