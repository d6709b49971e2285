package translation

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"verso/hooks/records"
	"verso/hooks/translation/document"
	"verso/hooks/translation/document/txt"
)

// TestTruncatedForm cuts a form off at every byte after its file: nothing but
// the whole form is an upload.
func TestTruncatedForm(t *testing.T) {
	s := mustServe(t, func(c *Config) { c.MaxActiveJobs = 1000 })
	const contentType = "multipart/form-data; boundary=XX"
	form := "--XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\nOne whale.\r\n" +
		"--XX\r\nContent-Disposition: form-data; name=\"target_language\"\r\n\r\nfr\r\n--XX--\r\n"
	whole := len(form) - len("\r\n") // what follows the last boundary does not matter
	for end := range whole {
		if answer := s.do(http.MethodPost, "/uploadfile", strings.NewReader(form[:end]), "Content-Type", contentType); answer.Code != http.StatusBadRequest {
			t.Errorf("cut off after %q: %d %s", form[max(0, end-20):end], answer.Code, answer.Body)
		}
	}
	if n, _ := s.app.CountRecords(records.CollectionJobs); n != 0 {
		t.Errorf("%d jobs were made of truncated forms", n)
	}
	if answer := s.do(http.MethodPost, "/uploadfile", strings.NewReader(form[:whole]), "Content-Type", contentType); answer.Code != http.StatusOK {
		t.Errorf("the whole form: %d %s", answer.Code, answer.Body)
	}
}

// TestSegmentsInTheRecordsAPI holds that a user gets segments there a bounded
// page at a time, and not through other records.
func TestSegmentsInTheRecordsAPI(t *testing.T) {
	s := mustServe(t, nil)
	client := listen(t, s.plugin.feed, s.owner, "translation_jobs/*")
	id := s.mustUpload(t, strings.Repeat(strings.Repeat("whale ", 80)+".\n\n", 60), "segment_size", "500")
	s.until(t, client, id, records.StatusCompleted)
	for _, query := range []string{"", "?perPage=1000", "?perPage=x"} {
		answer := s.do(http.MethodGet, "/api/collections/translation_segments/records"+query, nil)
		var page struct {
			Items      []json.RawMessage
			TotalItems int
		}
		if err := json.Unmarshal(answer.Body.Bytes(), &page); err != nil {
			t.Fatalf("%v: %s", err, answer.Body)
		}
		if len(page.Items) != maxSegmentsPerPage || page.TotalItems != 60 {
			t.Errorf("%s: %d of %d segments", query, len(page.Items), page.TotalItems)
		}
	}
	segments, err := s.plugin.app.FindCollectionByNameOrId(records.CollectionSegments)
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{
		"/api/collections/translation_jobs/records?expand=translation_segments_via_job",
		"/api/collections/translation_jobs/records?expand=Translation_Segments_via_job",
		"/api/collections/translation_jobs/records?expand=owner_id,translation_segments(job)",
		"/api/collections/translation_jobs/records?expand=" + segments.Id + "_via_job",
		"/api/collections/users/records/" + s.owner.Id + "?expand=translation_jobs_via_owner_id.translation_segments_via_job",
		"/api/collections/translation_jobs/records?expand=owner_id.translation_jobs_via_owner_id.owner_id",
		"/api/collections/translation_jobs/records/" + id + "?expand=owner_id.TRANSLATION_JOBS_VIA_owner_id",
		"/api/collections/translation_jobs/records?filter=" + url.QueryEscape(`translation_segments_via_job.job.translation_segments_via_job.source?~"zz"`),
		"/api/collections/translation_jobs/records?filter=" + url.QueryEscape(`filename="a\" || b_via_c" && translation_segments_via_job.position>1`),
		"/api/collections/translation_jobs/records?sort=translation_segments_via_job.position",
	} {
		if answer := s.do(http.MethodGet, path, nil); answer.Code != http.StatusBadRequest || !strings.Contains(answer.Body.String(), "_via_") {
			t.Errorf("%s: %d %s", path, answer.Code, answer.Body)
		}
	}
	for _, path := range []string{
		"/api/collections/translation_jobs/records?expand=owner_id&filter=" + url.QueryEscape(`filename!="by \"plane\", a_via_b.txt" && filename!='c_via_d'`),
		"/api/collections/translation_segments/records?expand=job.owner_id&sort=-position",
	} {
		if answer := s.do(http.MethodGet, path, nil); answer.Code != http.StatusOK {
			t.Errorf("%s: %d %s", path, answer.Code, answer.Body)
		}
	}
	back := url.QueryEscape(`{"query":{"filter":"translation_segments_via_job.position>1"}}`)
	for topic, want := range map[string]bool{
		"translation_jobs/*?options=" + back:     true,
		"translation_segments/*?options=" + back: true,
		"translation_jobs/*":                     false,
		"translation_jobs/*?options=" + url.QueryEscape(`{"query":{"filter":"filename = 'a_via_b'"}}`): false,
	} {
		if got := subscribesBack([]string{topic}); got != want {
			t.Errorf("%s goes back: %t", topic, got)
		}
	}
}

// stuck is the answer of a request whose client does not read: it says that the first
// bytes are to be written, and waits.
type stuck struct {
	*httptest.ResponseRecorder
	writing chan<- struct{}
	read    <-chan struct{}
}

func (s stuck) Write(p []byte) (int, error) {
	s.writing <- struct{}{}
	<-s.read
	return s.ResponseRecorder.Write(p)
}

// TestSlowDownloads holds that who reads slowly what was put together for him holds the
// place of nobody, and may do so a few times.
func TestSlowDownloads(t *testing.T) {
	s := mustServe(t, nil)
	client := listen(t, s.plugin.feed, s.owner, "translation_jobs/*")
	id := s.mustUpload(t, "One whale.")
	s.until(t, client, id, records.StatusCompleted)
	writing, read := make(chan struct{}), make(chan struct{})
	var slow sync.WaitGroup
	for range maxUserSending {
		slow.Go(func() {
			request := httptest.NewRequest(http.MethodGet, "/download/"+id+"?bilingual=below", nil)
			request.Header.Set(asUser, s.owner.Id)
			s.handler.ServeHTTP(stuck{httptest.NewRecorder(), writing, read}, request)
		})
		<-writing // put together, with those before still being sent
	}
	answer := s.do(http.MethodGet, "/download/"+id+"?bilingual=below", nil)
	if answer.Code != http.StatusTooManyRequests || answer.Header().Get("Retry-After") == "" {
		t.Errorf("one more is answered with %d %s", answer.Code, answer.Body)
	}
	if !s.plugin.partial.places.TryAcquire(mostDocuments) {
		t.Error("places to build are held by downloads that are being sent")
	} else {
		s.plugin.partial.places.Release(mostDocuments)
	}
	close(read)
	slow.Wait()
	answer = s.do(http.MethodGet, "/download/"+id+"?bilingual=below", nil, "Range", "bytes=0-1")
	if answer.Code != http.StatusOK || answer.Header().Get("Accept-Ranges") != "none" {
		t.Errorf("the next is answered with %d %s, ranges: %q", answer.Code, answer.Body, answer.Header().Get("Accept-Ranges"))
	}
}

// roomy is a format whose documents are larger in memory than on disk.
type roomy struct {
	txt.Format
	size int64
}

func (f roomy) UnpackedSize(string) int64 { return f.size }

// TestRoomForDocuments reads documents that need more room than their files let expect,
// as several at once: each gets it, and all of it is given back.
func TestRoomForDocuments(t *testing.T) {
	for _, size := range []int64{1, leastHeld + 1, 10 * maxHeld} {
		s := mustServe(t, func(c *Config) { c.Formats = document.Formats{roomy{size: size}} })
		var uploads sync.WaitGroup
		client := listen(t, s.plugin.feed, s.owner, "translation_jobs/*")
		for range 8 {
			uploads.Go(func() { s.mustUpload(t, "One whale.\n\nTwo whales.") })
		}
		uploads.Wait()
		jobs, err := s.app.FindAllRecords(records.CollectionJobs)
		if err != nil || len(jobs) != 8 {
			t.Fatalf("%d jobs, %v", len(jobs), err)
		}
		for _, job := range jobs {
			s.until(t, client, job.Id, records.StatusCompleted)
			if got := s.do(http.MethodGet, "/download/"+job.Id, nil).Body.String(); strings.Count(got, "\n\n") != 1 {
				t.Errorf("of %d bytes in memory came %q", size, got)
			}
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		if err := s.plugin.documents.held.Acquire(ctx, maxHeld); err != nil {
			t.Errorf("documents of %d bytes hold room that nobody needs any more: %v", size, err)
		}
		cancel()
	}
}

func TestGate(t *testing.T) {
	g := newGate(2, 1)
	leave, err := g.enter(context.Background(), "ada")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := g.enter(context.Background(), "ada"); !errors.Is(err, errBusy) {
		t.Errorf("a second place of one user: %v", err)
	}
	leaveBo, err := g.enter(context.Background(), "bo")
	if err != nil {
		t.Fatal(err)
	}
	gone, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := g.enter(gone, "cy"); !errors.Is(err, context.Canceled) {
		t.Errorf("a third place: %v", err)
	}
	leave()
	leaveBo()
	if len(g.byUser) != 0 {
		t.Errorf("%v is remembered", g.byUser)
	}
}

func TestSealingKey(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "deep", "data")
	first, err := SealingKey(dir)
	if err != nil || len(first) != 32 {
		t.Fatalf("%d bytes, %v", len(first), err)
	}
	if second, err := SealingKey(dir); err != nil || string(second) != string(first) {
		t.Errorf("the key changed: %v", err)
	}
	entries, _ := os.ReadDir(filepath.Dir(dir))
	if len(entries) != 1 {
		t.Errorf("left behind: %v", entries)
	}
	if info, err := os.Stat(dir + ".key"); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if err := os.WriteFile(dir+".key", []byte("short"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := SealingKey(dir); err == nil {
		t.Error("a damaged key was accepted")
	}
}

// TestCorrectionsAreBounded corrects a segment until it is as large as one may become.
func TestCorrectionsAreBounded(t *testing.T) {
	s := mustServe(t, nil)
	client := listen(t, s.plugin.feed, s.owner, "translation_jobs/*")
	id := s.mustUpload(t, "One.\n\nTwo.\n\nThree.\n")
	s.until(t, client, id, records.StatusCompleted)
	most := strings.Repeat("𐍈", maxCorrection) // of four bytes each
	for i, want := range []int{http.StatusOK, http.StatusOK, http.StatusBadRequest} {
		body := fmt.Sprintf(`{"blocks":[{"id":"b%d","text":%q}]}`, i+1, most)
		if answer := s.do(http.MethodPatch, "/api/v1/jobs/"+id+"/segments/0", strings.NewReader(body), "Content-Type", "application/json"); answer.Code != want {
			t.Errorf("block %d of %d bytes: %d %.300s", i+1, len(most), answer.Code, answer.Body)
		}
	}
}
