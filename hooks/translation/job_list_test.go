package translation

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"golang.org/x/text/unicode/norm"

	"verso/hooks/records"
)

// TestListOfJobs finds one's own jobs by name, by several statuses and by issues,
// with what means something to LIKE taken as it stands.
func TestListOfJobs(t *testing.T) {
	s := mustServe(t, nil)
	jobs := []struct {
		name, status string
		issues       int
	}{
		{"Moby Dick.txt", "COMPLETED", 2},
		{"100% sure_of-it.md", "PAUSED", 0},
		{"100 sure of it.md", "PROCESSING", 0},
		{`back\slash.txt`, "FAILED", 1},
		{norm.NFD.String("소설 한 권.txt"), "CANCELLED", 0},
		{norm.NFC.String("Über alles.txt"), "PENDING", 0},
	}
	for i, job := range jobs {
		s.mustList(t, s.owner.Id, fmt.Sprintf("2026-01-01 00:00:%02d.000Z", i), job.name, job.status, job.issues)
	}
	s.mustList(t, "", "2026-01-02 00:00:00.000Z", "Moby of another.txt", "COMPLETED", 1)

	for _, test := range []struct {
		query string
		want  []int
	}{
		{"", []int{5, 4, 3, 2, 1, 0}},
		{"search=moby", []int{0}},
		{"search=%20MOBY%20", []int{0}},
		{"search=100%25", []int{1}},
		{"search=sure_of", []int{1}},
		{"search=sure.of", nil},
		{"search=" + url.QueryEscape(`k\s`), []int{3}},
		{"search=" + url.QueryEscape(norm.NFC.String("소설")), []int{4}},
		{"search=" + url.QueryEscape(norm.NFD.String("Über")), []int{5}},
		{"search=%27%22%29--", nil},
		{"status=PENDING,PROCESSING", []int{5, 2}},
		{"status=PAUSED", []int{1}},
		{"issues=true", []int{3, 0}},
		{"issues=true&status=COMPLETED&search=dick", []int{0}},
	} {
		var got []string
		for path := "/api/v1/jobs?limit=2&" + test.query; path != ""; {
			answer := s.do(http.MethodGet, path, nil)
			var list struct {
				Jobs   []struct{ Filename string }
				Cursor *string
			}
			if err := json.Unmarshal(answer.Body.Bytes(), &list); err != nil || answer.Code != http.StatusOK {
				t.Fatalf("%s: %d %s", path, answer.Code, answer.Body)
			}
			for _, job := range list.Jobs {
				got = append(got, job.Filename)
			}
			path = ""
			if list.Cursor != nil {
				path = "/api/v1/jobs?limit=2&" + test.query + "&cursor=" + *list.Cursor
			}
		}
		var want []string
		for _, i := range test.want {
			want = append(want, jobs[i].name)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", test.query, got, want)
		}
	}

	for _, query := range []string{"status=DONE", "status=PENDING,", "status=PAUSED,PAUSED", "issues=1", "search=%00", "search=%ff", "search=" + strings.Repeat("a", 256)} {
		if answer := s.do(http.MethodGet, "/api/v1/jobs?"+query, nil); answer.Code != http.StatusBadRequest {
			t.Errorf("%.40s is answered with %d", query, answer.Code)
		}
	}
}

// mustList writes a job that nobody works at.
func (s *service) mustList(t *testing.T, owner, created, name, status string, issues int) {
	t.Helper()
	_, err := s.app.NonconcurrentDB().Insert(records.CollectionJobs, dbx.Params{
		"id": core.GenerateDefaultRandomId(), "owner_id": owner, "created_at": created,
		"filename": name, "status": status, "issues_count": issues, "target_language": "fr", "engine": "pseudo",
	}).Execute()
	if err != nil {
		t.Fatal(err)
	}
}
