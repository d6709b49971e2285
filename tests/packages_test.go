package tests

import (
	"archive/zip"
	"bytes"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"verso/hooks/translation/engine/pseudo"
	"verso/tests/process"
)

// formatFiles are where the formats' own tests keep real documents.
const formatFiles = "../hooks/translation/document/"

// TestPackages takes a real book and a real Word document through the service: what
// comes back is the same package, with other text, and can be had with the source
// below each translation as well.
func TestPackages(t *testing.T) {
	tests := []struct{ file, mediaType, part, source, language, below string }{
		{"epub/testdata/wasteland.epub", "application/epub+zip", "EPUB/wasteland-content.xhtml",
			"April is the cruellest month, breeding", `xml:lang="fr"`, `class="verso-source"`},
		{"docx/testdata/libreoffice-features.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "word/document.xml",
			"bold ones", "", `w:rStyle w:val="VersoSource"`},
	}
	server := process.Start(t, process.Options{Env: env("VERSO_PSEUDO_DELAY", "0s")})
	client := server.SignIn(t, ada)
	stream := client.Subscribe(t, "translation_jobs/*")
	for _, test := range tests {
		t.Run(filepath.Base(test.file), func(t *testing.T) {
			source, err := os.ReadFile(formatFiles + test.file)
			if err != nil {
				t.Fatal(err)
			}
			job := client.MustUpload(t, process.Upload{Filename: filepath.Base(test.file), Content: bytes.NewReader(source), Fields: env("target_language", "fr")})
			events := stream.UntilFinished(t, job.ID, waitShort)
			if done := events[len(events)-1].Record; done.Status != "COMPLETED" || done.IssuesCount != 0 {
				t.Fatalf("it ended as %+v", done)
			}
			answer := client.Get(t, "/download/"+job.ID).MustBe(t, http.StatusOK)
			if got := answer.Header.Get("Content-Type"); got != test.mediaType {
				t.Errorf("its type is %q, want %q", got, test.mediaType)
			}
			before, after := unpack(t, source), unpack(t, answer.Body)
			if len(before) != len(after) {
				t.Errorf("%d entries became %d", len(before), len(after))
			}
			for name, content := range before {
				if !strings.HasSuffix(name, "ml") && !strings.HasSuffix(name, ".opf") && !strings.HasSuffix(name, ".ncx") && after[name] != content {
					t.Errorf("%s was changed", name)
				}
			}
			translated := strings.Trim(pseudo.Accent(test.source), "[]")
			got := after[test.part]
			if !strings.Contains(got, translated) || strings.Contains(got, test.source) || !strings.Contains(got, test.language) {
				t.Errorf("%s is not translated: %.500s", test.part, got)
			}

			both := unpack(t, client.Get(t, "/download/"+job.ID+"?bilingual=below").MustBe(t, http.StatusOK).Body)[test.part]
			if !strings.Contains(both, translated) || !strings.Contains(both, test.source) || !strings.Contains(both, test.below) {
				t.Errorf("%s is not in both languages: %.500s", test.part, both)
			}
			client.Get(t, "/download/"+job.ID+"?bilingual=above").MustRefuse(t, http.StatusBadRequest)
		})
	}
}

// TestHostileDocuments uploads what is built to do harm: each is refused with a
// sentence, and nothing of it is left.
func TestHostileDocuments(t *testing.T) {
	container := `<container><rootfiles><rootfile full-path="a.opf"/></rootfiles></container>`
	opf := `<package><manifest><item id="a" href="a.xhtml" media-type="application/xhtml+xml"/></manifest><spine><itemref idref="a"/></spine></package>`
	book := func(extra ...string) []byte {
		return pack(t, append([]string{"mimetype", "application/epub+zip", "META-INF/container.xml", container, "a.opf", opf}, extra...)...)
	}
	tests := []struct {
		name, filename string
		content        []byte
		says           string
	}{
		{"a ZIP of anything", "a.epub", pack(t, "a.txt", "a"), "no EPUB book"},
		{"a Word document of anything", "a.docx", pack(t, "a.txt", "a"), "no Word document"},
		{"an old Word document", "a.doc", []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("x", 1000)), "old format"},
		{"a name that climbs out", "a.epub", book("../../a", "a", "a.xhtml", "<p>a</p>"), "../../a"},
		{"a name twice", "a.epub", book("a.xhtml", "<p>a</p>", "a.xhtml", "<p>b</p>"), "twice"},
		{"a bomb", "a.epub", book("a.xhtml", "<p>a</p>", "a.png", strings.Repeat("\x00", 100<<20)), "far more"},
		{"entities", "a.epub", book("a.xhtml", `<!DOCTYPE a [<!ENTITY e "`+strings.Repeat("x", 4000)+`">]><p>`+strings.Repeat("&e;", 10_000)+"</p>"), "entities"},
		{"a deep page", "a.epub", book("a.xhtml", strings.Repeat("<div>", 1_000_000)), "nests more than"},
		{"copy protection", "a.epub", book("a.xhtml", "<p>a</p>", "META-INF/encryption.xml",
			`<encryption><EncryptionMethod Algorithm="aes"/><CipherReference URI="a.xhtml"/></encryption>`), "copy-protected"},
		{"a page that is cut off", "a.epub", book("a.xhtml", "<p>a</p>")[:300], "missing or damaged"},
	}
	server := process.Start(t, process.Options{Env: env("VERSO_PSEUDO_DELAY", "0s")})
	client := server.SignIn(t, ada)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			answer := client.Upload(t, process.Upload{Filename: test.filename, Content: bytes.NewReader(test.content)})
			if refused := answer.MustRefuse(t, http.StatusUnprocessableEntity).Message; !strings.Contains(refused, test.says) {
				t.Errorf("it says %q, want %q in it", refused, test.says)
			}
		})
	}
	if left := process.Files(t, filepath.Join(server.Dir, "storage")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// pack packs a ZIP file of names and contents.
func pack(t *testing.T, pairs ...string) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for i := 0; i < len(pairs); i += 2 {
		method := zip.Deflate
		if pairs[i] == "mimetype" {
			method = zip.Store
		}
		f, err := w.CreateHeader(&zip.FileHeader{Name: pairs[i], Method: method})
		if err == nil {
			_, err = io.WriteString(f, pairs[i+1])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func unpack(t *testing.T, data []byte) map[string]string {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	content := map[string]string{}
	for _, f := range r.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		content[f.Name] = string(data)
	}
	return content
}
