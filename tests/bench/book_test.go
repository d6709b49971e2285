package bench

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"verso/tests/process"
	"verso/tests/standin"
)

const (
	latency  = 100 * time.Millisecond // of the engine
	inFlight = 8                      // segments of one job
	waiting  = 200                    // copies that wait
)

// book returns the document to measure with: the file that
// VERSO_BENCH_DOCUMENT names, or the test document eight times over, which
// makes the 1.2 million characters of a long novel. Each paragraph has a number of its
// own, because a text that stands in a document twice is asked for once.
func book(b *testing.B) []byte {
	b.Helper()
	path := os.Getenv("VERSO_BENCH_DOCUMENT")
	if path == "" {
		chapter, err := os.ReadFile("../testdata/moby-dick-1-20.txt")
		if err != nil {
			b.Fatal(err)
		}
		var novel bytes.Buffer
		for part := range 1 + 1_200_000/len(chapter) {
			for n, paragraph := range bytes.Split(bytes.TrimSpace(chapter), []byte("\n\n")) {
				fmt.Fprintf(&novel, "%d.%d. %s\n\n", part+1, n+1, paragraph)
			}
		}
		return novel.Bytes()
	}
	data, err := os.ReadFile(path)
	if err != nil {
		b.Fatal(err)
	}
	return data
}

// BenchmarkBook translates a book with an engine that takes 100 ms a request
// and eight segments in flight, and holds the time against the least that is
// possible; then it looks at the memory while 200 more copies wait.
func BenchmarkBook(b *testing.B) {
	document := book(b)
	server := process.Start(b, process.Options{Env: map[string]string{
		"VERSO_PSEUDO_DELAY":    latency.String(),
		"VERSO_JOB_CONCURRENCY": fmt.Sprint(inFlight),
		"VERSO_MAX_ACTIVE_JOBS": "100000",
	}})
	ada := server.SignIn(b, "user_demoada")
	stream := ada.Subscribe(b, "translation_jobs/*")
	idle, empty := memory(b, server), database(b, server)

	begun := time.Now()
	job := ada.MustUpload(b, process.Upload{Content: bytes.NewReader(document), Fields: map[string]string{"memory": "false"}})
	accepted := time.Since(begun)
	stream.UntilFinished(b, job.ID, 5*time.Minute)
	wall := time.Since(begun) - accepted
	done := ada.Job(b, job.ID)
	if done.Status != "COMPLETED" || done.IssuesCount != 0 {
		b.Fatalf("the book ended as %+v", done)
	}
	rounds := (done.SegmentsTotal + inFlight - 1) / inFlight
	least := time.Duration(rounds) * latency
	mustTake(b, wall, least)
	after := memory(b, server)
	table.add(translating, "one book, wall time after the upload", wall.Round(time.Millisecond).String(),
		fmt.Sprintf("⌈%d/%d⌉ × %s = %s, ratio %.3f", done.SegmentsTotal, inFlight, latency, least, wall.Seconds()/least.Seconds()))
	table.add(transfers, "its upload, answered after", accepted.Round(time.Millisecond).String(), fmt.Sprintf("%.2f MB", megabytes(int64(len(document)))))
	table.add(costs, "memory at most, one book", fmt.Sprintf("%.0f MB", megabytes(after.peak)),
		fmt.Sprintf("idle %.0f MB; growth %.1f × the document", megabytes(idle.now), float64(after.peak-idle.now)/float64(len(document))))

	files := size(b, filepath.Join(server.Dir, "storage"))
	table.add(costs, "disk for it: source and output, rows", fmt.Sprintf("%.2f MB, %.2f MB", megabytes(files), megabytes(database(b, server)-empty)),
		fmt.Sprintf("the document %.2f MB", megabytes(int64(len(document)))))

	begun = time.Now()
	for i := range waiting {
		ada.MustUpload(b, process.Upload{Content: bytes.NewReader(document), Filename: fmt.Sprintf("copy-%d.txt", i), Fields: map[string]string{"memory": "false"}})
	}
	uploaded := time.Since(begun)
	full := memory(b, server)
	table.add(costs, fmt.Sprintf("memory while %d more copies wait", waiting), fmt.Sprintf("%.0f MB", megabytes(full.now)),
		fmt.Sprintf("one book %.0f MB; at most %.0f MB, %.0f KB a copy; %d copies are %.0f MB of text", megabytes(after.now), megabytes(full.peak),
			float64(max(0, full.peak-after.peak))/waiting/1024, waiting, megabytes(int64(waiting*len(document)))))
	table.add(transfers, fmt.Sprintf("%d uploads one after another", waiting), uploaded.Round(time.Millisecond).String(),
		fmt.Sprintf("%s each, beside four books being translated", (uploaded/waiting).Round(time.Millisecond)))
}

// mustTake fails where something took less than the least that is possible: then not all
// of it was done.
func mustTake(b *testing.B, took, least time.Duration) {
	b.Helper()
	if took < least {
		b.Errorf("it took %s, and cannot take less than %s", took, least)
	}
}

// database is what the rows take: SQLite's pages, those of its log in their place.
func database(b *testing.B, server *process.Server) int64 {
	b.Helper()
	text := process.OpenDatabase(b, server.Dir).Text(b, `SELECT page_count * page_size FROM pragma_page_count, pragma_page_size`)
	bytes, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		b.Fatal(err)
	}
	return bytes
}

// size is that of all files in a folder.
func size(b *testing.B, dir string) (bytes int64) {
	b.Helper()
	err := filepath.WalkDir(dir, func(_ string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		if err == nil {
			bytes += info.Size()
		}
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	return bytes
}

// BenchmarkBookGemini translates the same book through Gemini's API, spoken to a
// stand-in, eight segments in flight: in small segments of 100 ms and in large
// ones of a second, which is still far below what a real model takes for them.
func BenchmarkBookGemini(b *testing.B) {
	document := book(b)
	for _, c := range []struct {
		size    string
		latency time.Duration
	}{{"15000", latency}, {"3000", latency}, {"15000", time.Second}} {
		gemini := standin.StartGemini(b, standin.Config{Latency: c.latency})
		server := process.Start(b, process.Options{Env: map[string]string{
			"VERSO_ENGINES":          "gemini",
			"GOOGLE_GEMINI_BASE_URL": gemini.URL,
			"GEMINI_API_KEY":         "key",
			"VERSO_JOB_CONCURRENCY":  fmt.Sprint(inFlight),
		}})
		ada := server.SignIn(b, "user_demoada")
		stream := ada.Subscribe(b, "translation_jobs/*")
		begun := time.Now()
		job := ada.MustUpload(b, process.Upload{
			Content: bytes.NewReader(document), Fields: map[string]string{
				"target_language": "ko", "segment_size": c.size,
				"style_data": "{}", "glossary_data": "[]", // nothing is to be found out before
			},
		})
		accepted := time.Since(begun)
		stream.UntilFinished(b, job.ID, 5*time.Minute)
		wall := time.Since(begun) - accepted
		done := ada.Job(b, job.ID)
		if done.Status != "COMPLETED" || done.IssuesCount != 0 {
			b.Fatalf("the book ended as %+v", done)
		}
		rounds := (done.SegmentsTotal + inFlight - 1) / inFlight
		least := time.Duration(rounds) * c.latency
		mustTake(b, wall, least)
		table.add(translating, fmt.Sprintf("one book through Gemini, segments of %s", c.size), wall.Round(time.Millisecond).String(),
			fmt.Sprintf("⌈%d/%d⌉ × %s = %s, ratio %.3f; most in flight %d", done.SegmentsTotal, inFlight, c.latency, least, wall.Seconds()/least.Seconds(), gemini.MostInFlight()))
		server.Kill()
		gemini.Close()
	}
}

// BenchmarkStart measures from the start of the process to the first answer.
func BenchmarkStart(b *testing.B) {
	dir := b.TempDir() + "/data"
	first := process.Start(b, process.Options{Dir: dir})
	fresh := first.Ready.Sub(first.Began)
	first.Stop(b)
	second := process.Start(b, process.Options{Dir: dir})
	table.add(costs, "start, existing data", second.Ready.Sub(second.Began).Round(time.Millisecond).String(),
		fmt.Sprintf("new data %s; memory %.0f MB", fresh.Round(time.Millisecond), megabytes(memory(b, second).now)))
}

func megabytes(bytes int64) float64 { return float64(bytes) / (1 << 20) }
