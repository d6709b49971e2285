package tests

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"verso/hooks/translation/engine/pseudo"
	"verso/tests/process"
)

// TestJourney goes the whole way of a document: upload, live progress, reading
// along, download.
func TestJourney(t *testing.T) {
	server := process.Start(t, process.Options{Env: env("VERSO_PSEUDO_DELAY", "60ms", "VERSO_JOB_CONCURRENCY", "2")})
	text := mobyDick(t)

	for _, path := range []string{"/uploadfile/", "/uploadfile"} {
		t.Run(path, func(t *testing.T) {
			client := server.SignIn(t, ada)
			stream := client.Subscribe(t, "translation_jobs/*")
			job := client.MustUpload(t, process.Upload{
				Path: path, Filename: "moby.txt", Content: strings.NewReader(text),
				Fields: map[string]string{"segment_size": "3000", "target_language": "ko"},
			})
			if job.Status != "PENDING" || job.Progress != 0 || len(job.ID) != 15 || job.OwnerID == "" {
				t.Errorf("a new job is PENDING at 0 and has an id of 15 characters and an owner: %+v", job)
			}

			reader := &reader{client: client, job: job.ID}
			var events []process.JobEvent
			stream.Until(t, 30*time.Second, func(e process.JobEvent) bool {
				if e.Record.ID != job.ID {
					t.Errorf("a message about a job that is not this one: %s", e.Data)
				}
				events = append(events, e)
				reader.readOn(t)
				return e.Record.Status == "COMPLETED"
			})
			checkProgress(t, events)

			done := client.Job(t, job.ID)
			if done.Status != "COMPLETED" || done.Progress != 100 || done.CompletedAt == nil || done.IssuesCount != 0 {
				t.Errorf("the finished job: %+v", done)
			}
			reader.readOn(t)
			reader.check(t, done.SegmentsTotal)

			if got := string(client.Download(t, job.ID)); got != accented(text) {
				t.Errorf("the download (%d bytes) is not the translation (%d bytes); they part at %s",
					len(got), len(accented(text)), firstDifference(got, accented(text)))
			}
		})
	}
}

// checkProgress wants a live view that tells the truth and does not flood.
func checkProgress(t *testing.T, events []process.JobEvent) {
	t.Helper()
	if events[0].Action != "create" {
		t.Errorf("the first message is %q, want create", events[0].Action)
	}
	for i, e := range events {
		if i > 0 && (e.Record.Progress < events[i-1].Record.Progress || e.Record.SegmentsDone < events[i-1].Record.SegmentsDone) {
			t.Errorf("progress fell from %d %% to %d %%", events[i-1].Record.Progress, e.Record.Progress)
		}
		if (e.Record.Progress == 100) != (e.Record.Status == "COMPLETED") {
			t.Errorf("progress is %d while the job is %s", e.Record.Progress, e.Record.Status)
		}
	}
	// Four a second, the first, and the turns that are told at once: uploaded,
	// begun, ended.
	took := events[len(events)-1].At.Sub(events[0].At)
	if most := int(4*took.Seconds()) + 4; len(events) > most {
		t.Errorf("%d messages in %s, want at most %d", len(events), took, most)
	}
	if len(events) < 5 {
		t.Errorf("only %d messages in %s: progress is to be seen", len(events), took)
	}
	t.Logf("%d messages in %s", len(events), took)
}

// reader follows a job's segments as a page does that shows them while they
// are being translated.
type reader struct {
	client   *process.Client
	job      string
	cursor   int
	segments []process.Segment
}

func (r *reader) readOn(t *testing.T) {
	t.Helper()
	for {
		segments, cursor := r.client.Segments(t, r.job, r.cursor, 5)
		if len(segments) == 0 {
			if cursor != r.cursor {
				t.Errorf("the cursor moved from %d to %d without segments", r.cursor, cursor)
			}
			return
		}
		r.segments, r.cursor = append(r.segments, segments...), cursor
	}
}

// check wants every segment once, in the order of revisions without a gap.
func (r *reader) check(t *testing.T, total int) {
	t.Helper()
	if len(r.segments) != total {
		t.Errorf("read %d segments of %d", len(r.segments), total)
	}
	positions := map[int]bool{}
	for i, s := range r.segments {
		if s.Revision != i+1 {
			t.Fatalf("the %d. segment read has revision %d", i+1, s.Revision)
		}
		if positions[s.Position] || s.Status != "done" || len(s.Translation) != len(s.Source) || s.Issue != nil {
			t.Errorf("segment at position %d: twice, or not done: %+v", s.Position, s)
		}
		positions[s.Position] = true
	}
}

// TestBetweenParagraphs uploads texts whose white space is unusual: none of it
// may change.
func TestBetweenParagraphs(t *testing.T) {
	server := process.Start(t, process.Options{Env: env("VERSO_PSEUDO_DELAY", "0s")})
	client := server.SignIn(t, ada)
	stream := client.Subscribe(t, "translation_jobs/*")

	// Between and paragraph take turns, beginning with what stands before the
	// first paragraph.
	for _, test := range []struct {
		name   string
		pieces []string
	}{
		{"blank lines", []string{"\n\n ", "One.", "\n\n\n\n", "Two goes on\nfor two lines.", " \n \t \n", "Three.", "\n\n\n"}},
		{"no newline at the end", []string{"", "First.", "\n\n", "Last."}},
		{"Windows", []string{"", "One.", "\r\n\r\n\r\n", "Two is\r\nlonger.", "\r\n"}},
		{"byte order mark", []string{"\ufeff", "One.", "\n\n", "Two.", "\n"}},
		{"a line each", []string{"", "One.", "\n  ", "Two.", "\n\t", "Three.", "\n"}},
		{"other scripts", []string{"", "이것은 한국어 문단이다.", "\n\n", "這是中文。", "\n\n\n", "Αυτό είναι ελληνικό.", "\n"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var source, want strings.Builder
			for i, piece := range test.pieces {
				source.WriteString(piece)
				if i%2 == 1 {
					piece = pseudo.Accent(piece)
				}
				want.WriteString(piece)
			}
			job := client.MustUpload(t, process.Upload{Content: strings.NewReader(source.String())})
			stream.UntilFinished(t, job.ID, 10*time.Second)
			if got := string(client.Download(t, job.ID)); got != want.String() {
				t.Errorf("got  %q\nwant %q", got, want.String())
			}
		})
	}
}

// TestDownload looks at the answer around the file.
func TestDownload(t *testing.T) {
	server := process.Start(t, process.Options{Env: env("VERSO_PSEUDO_DELAY", "0s")})
	client := server.SignIn(t, ada)
	stream := client.Subscribe(t, "translation_jobs/*")
	text := mobyDick(t)[:20000]
	text = text[:strings.LastIndex(text, "\n\n")]
	job := client.MustUpload(t, process.Upload{Filename: `Wal "é" 고래.txt`, Content: strings.NewReader(text)})
	stream.UntilFinished(t, job.ID, 10*time.Second)
	whole := accented(text)

	t.Run("headers", func(t *testing.T) {
		answer := client.Get(t, "/download/"+job.ID).MustBe(t, http.StatusOK)
		for name, want := range map[string]string{
			"Content-Type":           "text/plain; charset=utf-8",
			"Cache-Control":          "private, no-store",
			"X-Content-Type-Options": "nosniff",
			"Accept-Ranges":          "bytes",
		} {
			if got := answer.Header.Get(name); got != want {
				t.Errorf("%s: %q, want %q", name, got, want)
			}
		}
		disposition := answer.Header.Get("Content-Disposition")
		if !strings.HasPrefix(disposition, "attachment; ") ||
			!strings.HasSuffix(disposition, `filename*=UTF-8''Wal%20%22%C3%A9%22%20%EA%B3%A0%EB%9E%98_translated.txt`) {
			t.Errorf("Content-Disposition: %s", disposition)
		}
		if string(answer.Body) != whole {
			t.Errorf("the file is not the translation")
		}
	})

	for _, test := range []struct {
		name, ask, got string
		status         int
		from, to       int
	}{
		{"first bytes", "bytes=0-99", "bytes 0-99/", http.StatusPartialContent, 0, 100},
		{"middle", "bytes=1000-1999", "bytes 1000-1999/", http.StatusPartialContent, 1000, 2000},
		{"last bytes", "bytes=-10", "bytes ", http.StatusPartialContent, len(whole) - 10, len(whole)},
		{"to the end", "bytes=500-", "bytes 500-", http.StatusPartialContent, 500, len(whole)},
		{"beyond the end", "bytes=99999999-", "bytes */", http.StatusRequestedRangeNotSatisfiable, 0, 0},
	} {
		t.Run("range/"+test.name, func(t *testing.T) {
			answer := client.GetWith(t, "/download/"+job.ID, "Range", test.ask).MustBe(t, test.status)
			if got := answer.Header.Get("Content-Range"); !strings.HasPrefix(got, test.got) {
				t.Errorf("Content-Range: %q, want %q…", got, test.got)
			}
			if test.status == http.StatusPartialContent && string(answer.Body) != whole[test.from:test.to] {
				t.Errorf("got %d bytes that are not bytes %d to %d", len(answer.Body), test.from, test.to)
			}
		})
	}
}

// TestUnfinishedDownload asks for a translation that is not complete.
func TestUnfinishedDownload(t *testing.T) {
	server := process.Start(t, process.Options{Env: env("VERSO_PSEUDO_DELAY", "1m")})
	client := server.SignIn(t, ada)
	text := "One.\n\nTwo.\n"
	job := client.MustUpload(t, process.Upload{Content: strings.NewReader(text)})

	client.Get(t, "/download/"+job.ID).MustRefuse(t, http.StatusConflict)
	if got := client.Get(t, "/download/"+job.ID+"?partial=1").MustBe(t, http.StatusOK).Body; string(got) != text {
		t.Errorf("of a translation that has not begun there is the source: %q", got)
	}
}
