// Package doctest holds formats against what all of them promise: that a document
// comes back byte for byte by itself, and that a translation reaches all of its text.
// It is for tests alone.
package doctest

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"sync"
	"unicode"

	"verso/hooks/translation/document"
	"verso/hooks/translation/document/inline"
)

// TB is what a test, a benchmark and a property test have in common.
type TB interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// The marks that [Marked] puts around text.
const (
	OpenMark  = '⟦'
	CloseMark = '⟧'
)

// MustParse parses a file.
func MustParse(t TB, format document.Format, data string, options document.Options) document.Document {
	t.Helper()
	doc, err := format.Parse(context.Background(), data, options)
	if err != nil {
		t.Fatalf("%v", err)
	}
	return doc
}

// MustBuild builds a document of which every translation has to find its place.
func MustBuild(t TB, doc document.Document, output document.Output) string {
	t.Helper()
	var out bytes.Buffer
	left, err := doc.Build(context.Background(), &out, output)
	if err != nil {
		t.Fatalf("%v", err)
	}
	if len(left) > 0 {
		t.Errorf("the translations of %q were left out", left)
	}
	return out.String()
}

// MustBuildAtOnce builds a document several times at once, as happens when it is
// fetched while it is corrected, and holds that all come out the same.
func MustBuildAtOnce(t TB, doc document.Document, output document.Output) {
	t.Helper()
	const times = 4
	var built [times]bytes.Buffer
	var failed [times]error
	var builders sync.WaitGroup
	for i := range times {
		builders.Go(func() { _, failed[i] = doc.Build(context.Background(), &built[i], output) })
	}
	builders.Wait()
	for i := range times {
		if failed[i] != nil || !bytes.Equal(built[i].Bytes(), built[0].Bytes()) {
			t.Errorf("built at once, one is %d bytes and another %d: %v", built[0].Len(), built[i].Len(), failed[i])
		}
	}
}

// MustRefuse holds that a file is refused with a sentence that holds some words.
func MustRefuse(t TB, format document.Format, data string, kind document.ErrorKind, says string) {
	t.Helper()
	_, err := format.Parse(context.Background(), data, document.Options{})
	var bad *document.Error
	if !errors.As(err, &bad) {
		t.Fatalf("got %v, want a document.Error", err)
	}
	if bad.Kind != kind || !strings.Contains(bad.Message, says) {
		t.Errorf("got kind %d, %q; want kind %d with %q in it", bad.Kind, bad.Message, kind, says)
	}
}

// Texts returns the blocks' texts.
func Texts(doc document.Document) []string {
	var texts []string
	for _, block := range doc.Blocks() {
		texts = append(texts, block.Text)
	}
	return texts
}

// By returns a translation that changes each block in one way.
func By(doc document.Document, change func(string) string) func(id string) (string, bool) {
	texts := map[string]string{}
	for _, block := range doc.Blocks() {
		texts[block.ID] = change(block.Text)
	}
	return func(id string) (string, bool) {
		text, ok := texts[id]
		return text, ok
	}
}

// Itself returns the translation of each block to its own text.
func Itself(doc document.Document) func(id string) (string, bool) {
	return By(doc, func(text string) string { return text })
}

// Marked returns the translation in which every run of text stands between marks,
// and the tags between them as they were.
func Marked(doc document.Document) func(id string) (string, bool) { return By(doc, Mark) }

// Mark puts marks around every run of text.
func Mark(text string) string {
	var out strings.Builder
	for token := range inline.Cut(text) {
		if token.Kind == inline.Text && strings.TrimSpace(token.Text) != "" {
			out.WriteString(string(OpenMark) + token.Text + string(CloseMark))
		} else {
			out.WriteString(token.Text)
		}
	}
	return out.String()
}

// Coverage counts the letters of a text, and those between marks.
func Coverage(text string) (letters, marked int) {
	inside := false
	for _, r := range text {
		switch {
		case r == OpenMark:
			inside = true
		case r == CloseMark:
			inside = false
		case unicode.IsLetter(r):
			letters++
			if inside {
				marked++
			}
		}
	}
	return letters, marked
}

// WithoutMarks returns a text without marks.
func WithoutMarks(text string) string {
	return strings.NewReplacer(string(OpenMark), "", string(CloseMark), "").Replace(text)
}
