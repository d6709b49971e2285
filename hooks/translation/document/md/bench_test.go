package md_test

import (
	"context"
	"io"
	"os"
	"strings"
	"testing"

	"verso/hooks/translation/document"
	"verso/hooks/translation/document/md"
	"verso/hooks/translation/engine/pseudo"
)

// BenchmarkParse reads a README of mixed markup, repeated to a megabyte.
func BenchmarkParse(b *testing.B) {
	data := megabyte(b)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := (md.Format{}).Parse(context.Background(), data, document.Options{}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkBuild writes it in other words; every block is parsed again.
func BenchmarkBuild(b *testing.B) {
	data := megabyte(b)
	doc := mustParse(b, data)
	accented := by(pseudo.Accent)(doc)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := doc.Build(context.Background(), io.Discard, document.Output{Translation: accented}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkParseAndBuild does both, as a job does.
func BenchmarkParseAndBuild(b *testing.B) {
	data := megabyte(b)
	accented := by(pseudo.Accent)(mustParse(b, data))
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		doc, err := md.Format{}.Parse(context.Background(), data, document.Options{})
		if err != nil {
			b.Fatal(err)
		}
		if _, err := doc.Build(context.Background(), io.Discard, document.Output{Translation: accented}); err != nil {
			b.Fatal(err)
		}
	}
}

func megabyte(b *testing.B) string {
	b.Helper()
	data, err := os.ReadFile("testdata/goldmark-readme.md")
	if err != nil {
		b.Fatal(err)
	}
	return strings.Repeat(string(data)+"\n", 1<<20/len(data)+1)
}
