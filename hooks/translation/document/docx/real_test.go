package docx_test

import (
	"encoding/xml"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"verso/hooks/translation/document"
	"verso/hooks/translation/document/doctest"
	"verso/hooks/translation/document/docx"
)

// TestRealDocuments holds what a reader of a translation relies on: every letter is
// reached, every element and every other part is the same, and a document that is
// translated to itself is the document.
func TestRealDocuments(t *testing.T) {
	for _, name := range realDocuments(t) {
		t.Run(filepath.Base(name), func(t *testing.T) {
			data := mustReadFile(t, name)
			mustBeFaithful(t, data)
			doc := doctest.MustParse(t, docx.Format{}, data, document.Options{})
			doctest.MustBuildAtOnce(t, doc, document.Output{Translation: doctest.Marked(doc), Target: "ar", Bilingual: true})
		})
	}
}

func realDocuments(t doctest.TB) []string {
	t.Helper()
	names, err := filepath.Glob("testdata/*.docx")
	if err != nil || len(names) == 0 {
		t.Fatalf("no documents: %v", err)
	}
	return names
}

func mustReadFile(t doctest.TB, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatalf("%v", err)
	}
	return string(data)
}

// mustBeFaithful translates a document to itself and to marked text, and holds both
// against it.
func mustBeFaithful(t doctest.TB, data string) {
	t.Helper()
	doc := doctest.MustParse(t, docx.Format{}, data, document.Options{})
	before := unpack(t, data)
	same := unpack(t, doctest.MustBuild(t, doc, document.Output{Translation: doctest.Itself(doc)}))
	marked := unpack(t, doctest.MustBuild(t, doc, document.Output{Translation: doctest.Marked(doc)}))
	letters, reached := 0, 0
	for name, content := range before {
		if same[name] != content {
			t.Errorf("%s is not the same when it is translated to itself", name)
		}
		got := marked[name]
		if !strings.HasSuffix(name, ".xml") {
			if got != content {
				t.Errorf("%s holds no text and was changed", name)
			}
			continue
		}
		wantElements, wantText := read(t, content)
		elements, text := read(t, got)
		if elements != wantElements {
			t.Errorf("%s has other elements:\n%s\nwant\n%s", name, elements, wantElements)
		}
		if plain(doctest.WithoutMarks(text)) != plain(wantText) {
			t.Errorf("%s has another text:\n%s\nwant\n%s", name, text, wantText)
		}
		all, in := doctest.Coverage(text)
		letters, reached = letters+all, reached+in
	}
	if letters == 0 || letters != reached {
		t.Errorf("%d of %d letters are translated", reached, letters)
	}
}

// read returns the elements of a part with their attributes, but for those that
// are text or white space's, and the text that is to be translated, with that of
// attributes.
func read(t doctest.TB, content string) (elements, text string) {
	t.Helper()
	var tree, words strings.Builder
	var stack []string
	dead := 0
	decoder := xml.NewDecoder(strings.NewReader(content))
	for {
		token, err := decoder.Token() // which checks that it is well-formed
		if errors.Is(err, io.EOF) {
			return tree.String(), words.String()
		}
		if err != nil {
			t.Fatalf("%v in\n%s", err, content)
		}
		switch token := token.(type) {
		case xml.StartElement:
			tree.WriteString("<" + token.Name.Local)
			for _, a := range token.Attr {
				switch name := a.Name.Local; {
				case name == "descr", name == "title" && strings.HasSuffix(token.Name.Local, "Pr"), name == "alt", name == "tooltip", strings.HasPrefix(token.Name.Local, "tblCaption"):
					words.WriteString(a.Value + " ")
				case name == "space", name == "xmlns":
				default:
					tree.WriteString(" " + name + "=" + a.Value)
				}
			}
			stack = append(stack, token.Name.Local)
			if isDead(token.Name.Local) {
				dead++
			}
		case xml.EndElement:
			tree.WriteString(">")
			stack = stack[:len(stack)-1]
			if isDead(token.Name.Local) {
				dead--
			}
		case xml.CharData:
			if stack := stack; len(stack) > 0 && stack[len(stack)-1] == "t" && dead == 0 {
				words.Write(token)
			}
		}
	}
}

func isDead(name string) bool {
	switch name {
	case "del", "moveFrom", "oMath", "rt":
		return true
	}
	return false
}

func plain(text string) string { return strings.Join(strings.Fields(text), "") }

// TestLibreOffice holds that another program opens what is written.
func TestLibreOffice(t *testing.T) {
	soffice, err := exec.LookPath("soffice")
	if err != nil {
		t.Skip("LibreOffice is not installed")
	}
	dir := t.TempDir()
	var outputs []string
	for _, name := range realDocuments(t) {
		doc := doctest.MustParse(t, docx.Format{}, mustReadFile(t, name), document.Options{})
		for target, bilingual := range map[string]bool{"de": true, "ar": false} {
			file := filepath.Join(dir, target+"-"+filepath.Base(name))
			content := doctest.MustBuild(t, doc, document.Output{Translation: doctest.Marked(doc), Target: target, Source: "en", Bilingual: bilingual})
			if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
				t.Fatalf("%v", err)
			}
			outputs = append(outputs, file)
		}
	}
	args := append([]string{"-env:UserInstallation=file://" + dir + "/profile", "--headless", "--convert-to", "txt:Text (encoded):UTF8", "--outdir", dir}, outputs...)
	if out, err := exec.CommandContext(t.Context(), soffice, args...).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for _, file := range outputs {
		text, err := os.ReadFile(strings.TrimSuffix(file, ".docx") + ".txt")
		if err != nil {
			t.Error(err)
		} else if !strings.ContainsRune(string(text), doctest.OpenMark) && bodyIsMarked(t, file) {
			t.Errorf("%s: %s", filepath.Base(file), text)
		}
	}
}

// bodyIsMarked reports whether a document's main part holds translated text: the notes
// are not among what LibreOffice exports.
func bodyIsMarked(t *testing.T, file string) bool {
	_, text := read(t, unpack(t, mustReadFile(t, file))["word/document.xml"])
	return strings.ContainsRune(text, doctest.OpenMark)
}
