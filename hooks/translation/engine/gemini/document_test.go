package gemini_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"verso/hooks/translation/engine"
)

// grammar returns the wire format's document as a regular expression, which
// knows nothing of how the engine reads it. Fields may be spelt with escapes.
func grammar() *regexp.Regexp {
	spelt := func(name string) string {
		var pattern strings.Builder
		for _, letter := range name {
			fmt.Fprintf(&pattern, `(?:%c|\\u(?i:%04x))`, letter, letter)
		}
		return `"` + pattern.String() + `"`
	}
	field := func(name string) string {
		return spelt(name) + `_:_"(?:[^"\\\x00-\x1f]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*"`
	}
	id, text := field("id"), field("text")
	block := `\{_(?:` + id + `_,_` + text + `|` + text + `_,_` + id + `)_\}`
	document := `^_\{_` + spelt("blocks") + `_:_\[_(?:` + block + `(?:_,_` + block + `)*_)?\]_\}_$`
	return regexp.MustCompile(strings.ReplaceAll(document, "_", `[ \t\n\r]*`))
}

// holdsOnlyDocuments fails if a text is accepted without being the document, or
// refused or changed although it is.
func holdsOnlyDocuments(t interface{ Fatalf(string, ...any) }, grammar *regexp.Regexp, got engine.Response, err error, document string) {
	var want struct{ Blocks []engine.Block }
	exact := grammar.MatchString(document) && json.Unmarshal([]byte(document), &want) == nil
	for _, block := range want.Blocks {
		exact = exact && !strings.ContainsRune(block.ID+block.Text, utf8.RuneError)
	}
	if exact != (err == nil) {
		t.Fatalf("exact: %v, but the engine says %v: %s", exact, err, document)
	}
	if exact && !reflect.DeepEqual(got.Blocks, want.Blocks) {
		t.Fatalf("read %+v from %s", got.Blocks, document)
	}
}

// TestNothingButTheDocument damages good documents at random, in small ways, so
// that many stay or become good again.
func TestNothingButTheDocument(t *testing.T) {
	pieces := []string{
		"", " ", "\n", "{", "}", "[", "]", ",", ":", `"`, `\`, `\u0069`, `\ud83d`, `\ud83d\ude00`, "null", "1", "true", "id", "text", "blocks",
		`"id":"x"`, `"text":"x"`, `"note":"x"`, `{"id":"b","text":"t"}`, `,{"id":"b","text":"t"}`, `{"blocks":[]}`, "```", "가", "\x00", "\ufffd", "\ufeff",
	}
	exact, accepted := grammar(), 0
	rapid.Check(t, func(r *rapid.T) {
		blocks := rapid.SliceOfN(rapid.Custom(func(r *rapid.T) engine.Block {
			return engine.Block{ID: rapid.String().Draw(r, "id"), Text: rapid.String().Draw(r, "text")}
		}), 0, 3).Draw(r, "blocks")
		if blocks == nil {
			blocks = []engine.Block{}
		}
		encoded, err := json.Marshal(map[string]any{"blocks": blocks})
		if err != nil {
			r.Fatal(err)
		}
		document := []rune(string(encoded))
		for range rapid.IntRange(0, 3).Draw(r, "edits") {
			at := rapid.IntRange(0, len(document)).Draw(r, "at")
			until := min(len(document), at+rapid.IntRange(0, 3).Draw(r, "removed"))
			piece := rapid.SampledFrom(pieces).Draw(r, "piece")
			document = []rune(string(document[:at]) + piece + string(document[until:]))
		}
		got, err := answered(t, response(string(document), "STOP"))
		if err == nil {
			accepted++
		}
		holdsOnlyDocuments(r, exact, got, err, string(document))
	})
	if accepted == 0 {
		t.Error("no document was good, so nothing was tested")
	}
}

func FuzzDocument(f *testing.F) {
	for _, seed := range []string{goodDocument, "```json\n" + goodDocument + "\n```", `{"blocks":[{"id":"b1","text":"\ud83d"}]}`, `{"blocks":null}`, ` {"blocks" : [ ] } `} {
		f.Add(seed)
	}
	exact := grammar()
	f.Fuzz(func(t *testing.T, document string) {
		document = strings.ToValidUTF8(document, "?") // a JSON string holds nothing else
		got, err := answered(t, response(document, "STOP"))
		holdsOnlyDocuments(t, exact, got, err, document)
	})
}
