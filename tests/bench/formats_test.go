package bench

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"runtime/metrics"
	"strings"
	"testing"
	"time"

	"verso/hooks/translation/document"
	"verso/hooks/translation/document/docx"
	"verso/hooks/translation/document/epub"
	"verso/hooks/translation/document/html"
	"verso/hooks/translation/document/md"
	"verso/hooks/translation/document/srt"
	"verso/hooks/translation/document/txt"
	"verso/hooks/translation/document/vtt"
	"verso/hooks/translation/engine/pseudo"
	"verso/hooks/translation/pipeline"
)

const (
	formatsDir = "../../hooks/translation/document/"
	grown      = 4 << 20 // bytes to which a small text is repeated
)

// BenchmarkFormats parses, plans and builds a document of each format, and says how
// many megabytes of its text go through in a second of CPU, and how much memory it
// takes at most. VERSO_BENCH_DOCUMENT adds a document of one's own.
func BenchmarkFormats(b *testing.B) {
	known := document.Formats{epub.Format{}, docx.Format{}, html.Format{}, md.Format{}, srt.Format{}, vtt.Format{}, txt.Format{}}
	documents := []struct{ name, content string }{
		{"chapters.txt", repeated(mustReadFile(b, "../testdata/moby-dick-1-20.txt"))},
		{"notes.md", repeated(withoutFrontMatter(mustReadFile(b, "../testdata/sample.md")))},
		{"page.html", repeated(mustReadFile(b, "../testdata/sample.html"))},
		{"film.srt", repeated("7\n00:00:01,000 --> 00:00:02,500\n<i>Nobody has been up here</i>\nsince the winter of 1962.\n\n")},
		{"film.vtt", "WEBVTT\n\n" + repeated("00:01.000 --> 00:02.500\n<i>Nobody has been up here</i>\nsince the winter of 1962.\n\n")},
		{"literature.epub", mustReadFile(b, formatsDir+"epub/testdata/childrens-literature.epub")},
		{"features.docx", grownWord(b, mustReadFile(b, formatsDir+"docx/testdata/libreoffice-features.docx"))},
	}
	if own := os.Getenv("VERSO_BENCH_DOCUMENT"); own != "" {
		documents = append(documents, struct{ name, content string }{filepath.Base(own), mustReadFile(b, own)})
	}
	for _, d := range documents {
		b.Run(d.name, func(b *testing.B) {
			format, ok := known.Recognise(d.name, []byte(d.content[:min(len(d.content), document.HeadBytes)]))
			if !ok {
				b.Fatalf("no format is that of %s", d.name)
			}
			for b.Loop() {
				throughFormat(b, format, d.name, d.content)
			}
		})
	}
}

// throughFormat takes a document through its format once.
func throughFormat(b *testing.B, format document.Format, name, content string) {
	runtime.GC()
	peak := watchHeap()
	start := cpuTime(b)
	doc, err := format.Parse(b.Context(), content, document.Options{})
	if err != nil {
		b.Fatal(err)
	}
	parsed := cpuTime(b)
	blocks := doc.Blocks()
	segments := pipeline.Plan(blocks, 15000)
	planned := cpuTime(b)
	texts := make(map[string]string, len(blocks))
	characters := 0
	for _, block := range blocks {
		texts[block.ID] = pseudo.Accent(block.Text)
		characters += len(block.Text)
	}
	translated := cpuTime(b)
	left, err := doc.Build(b.Context(), io.Discard, document.Output{Target: "fr", Translation: func(id string) (string, bool) {
		text, ok := texts[id]
		return text, ok
	}})
	if err != nil || len(left) > 0 {
		b.Fatalf("%d blocks left: %v", len(left), err)
	}
	built := cpuTime(b)
	most := peak()
	rate := func(d time.Duration) float64 { return megabytes(int64(characters)) / max(d.Seconds(), 1e-6) }
	packing := cpuTime(b)
	if _, err := io.Copy(gzip.NewWriter(io.Discard), strings.NewReader(content)); err != nil {
		b.Fatal(err)
	}
	packed := cpuTime(b) - packing
	total := parsed - start + planned - parsed + built - translated
	table.add(formats, fmt.Sprintf("%s, %.2f MB with %.2f MB of text", name, megabytes(int64(len(content))), megabytes(int64(characters))),
		fmt.Sprintf("parse %.1f, plan %.1f, build %.1f MB/s", rate(parsed-start), rate(planned-parsed), rate(built-translated)),
		fmt.Sprintf("CPU %s in all, gzip of the document %s, ratio %.2f; %d blocks, %d segments; heap at most %.0f MB, %.1f × file and text", short(total), short(packed), total.Seconds()/packed.Seconds(),
			len(blocks), len(segments), megabytes(most), float64(most)/float64(len(content)+characters)))
}

// watchHeap looks at the heap every millisecond; what it returns ends that and
// returns by how much it grew at most, in bytes.
func watchHeap() func() int64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	heap := func() int64 {
		metrics.Read(sample)
		return int64(sample[0].Value.Uint64())
	}
	before, most := heap(), int64(0)
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		tick := time.NewTicker(time.Millisecond)
		defer tick.Stop()
		for {
			most = max(most, heap()-before)
			select {
			case <-done:
				return
			case <-tick.C:
			}
		}
	}()
	return func() int64 {
		close(done)
		<-ended
		return most
	}
}

func mustReadFile(b *testing.B, name string) string {
	b.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		b.Fatal(err)
	}
	return string(data)
}

func repeated(text string) string { return strings.Repeat(text, 1+grown/len(text)) }

func withoutFrontMatter(text string) string {
	_, rest, _ := strings.Cut(strings.TrimPrefix(text, "---\n"), "\n---\n")
	return rest
}

// grownWord repeats the paragraphs of a Word document.
func grownWord(b *testing.B, data string) string {
	b.Helper()
	r, err := zip.NewReader(strings.NewReader(data), int64(len(data)))
	if err != nil {
		b.Fatal(err)
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, f := range r.File {
		in, err := f.Open()
		if err != nil {
			b.Fatal(err)
		}
		content, err := io.ReadAll(in)
		if err != nil {
			b.Fatal(err)
		}
		if f.Name == "word/document.xml" {
			head, rest, _ := strings.Cut(string(content), "<w:body>")
			body, tail, _ := strings.Cut(rest, "<w:sectPr")
			content = []byte(head + "<w:body>" + repeated(body) + "<w:sectPr" + tail)
		}
		e, err := w.Create(f.Name)
		if err == nil {
			_, err = e.Write(content)
		}
		if err != nil {
			b.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		b.Fatal(err)
	}
	return out.String()
}
