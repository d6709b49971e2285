package tests

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"verso/tests/process"
)

// The superuser of the tests that need one.
const superuserEmail, superuserPassword = "root@example.org", "correct horse battery"

// mustAddSuperuser makes the data directory's superuser, as an operator does.
func mustAddSuperuser(t *testing.T, dir string) {
	t.Helper()
	code, log := process.Run(t, nil, "superuser", "upsert", superuserEmail, superuserPassword, "--dir", dir)
	if code != 0 {
		t.Fatalf("superuser upsert ended with code %d: %s", code, log)
	}
}

// leftovers counts what an upload can leave behind: rows by table, and files.
func leftovers(t *testing.T, dir string) map[string]int {
	t.Helper()
	database := process.OpenDatabase(t, dir)
	defer database.Close()
	left := map[string]int{"files": len(process.Files(t, filepath.Join(dir, "storage")))}
	for _, table := range []string{"translation_jobs", "translation_briefs", "translation_segments", "sealed_keys", "idempotency_keys"} {
		left[table] = database.Count(t, table)
	}
	return left
}

// mustLeaveNothing runs fn, which is refused, and wants nothing to have come
// of it.
func mustLeaveNothing(t *testing.T, dir string, fn func()) {
	t.Helper()
	before := leftovers(t, dir)
	fn()
	if after := leftovers(t, dir); !maps.Equal(before, after) {
		t.Errorf("a refused upload left something: before %v, after %v", before, after)
	}
}

// TestUploadRefusals sends what must not be accepted. Each answer says what is
// wrong, and nothing is left behind.
func TestUploadRefusals(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	mustAddSuperuser(t, dir)
	server := process.Start(t, process.Options{Dir: dir, Env: env("VERSO_PSEUDO_DELAY", "0s", "VERSO_MAX_UPLOAD_MB", "1")})
	client := server.SignIn(t, ada)
	file := func(text string) func() process.Upload {
		return func() process.Upload { return process.Upload{Content: strings.NewReader(text)} }
	}
	named := func(name, text string) func() process.Upload {
		return func() process.Upload { return process.Upload{Filename: name, Content: strings.NewReader(text)} }
	}
	field := func(name, value string) func() process.Upload {
		return func() process.Upload {
			return process.Upload{Content: strings.NewReader("One.\n\nTwo.\n"), Fields: map[string]string{name: value, "api_key": "good"}}
		}
	}
	const megabyte = 1 << 20

	for _, test := range []struct {
		name   string
		upload func() process.Upload
		status int
		says   string // stands in the message
	}{
		{"segment_size is no number", field("segment_size", "many"), 400, "segment_size"},
		{"segment_size is too small", field("segment_size", "499"), 400, "500"},
		{"segment_size is too large", field("segment_size", "100001"), 400, "100000"},
		{"style_data is no JSON", field("style_data", "{tone"), 400, "style_data"},
		{"style_data is a list", field("style_data", "[1]"), 400, "style_data"},
		{"style_data is null", field("style_data", "null"), 400, "style_data"},
		{"glossary_data is no JSON", field("glossary_data", "Ahab=에이해브"), 400, "glossary_data"},
		{"glossary_data is an object", field("glossary_data", `{"term":"Ahab","translation":"에이해브"}`), 400, "glossary_data"},
		{"glossary_data lacks a translation", field("glossary_data", `[{"term":"Ahab"}]`), 400, "glossary_data"},
		{"glossary_data has an empty term", field("glossary_data", `[{"term":" ","translation":"x"}]`), 400, "glossary_data"},
		{"glossary_data goes on after its end", field("glossary_data", `[] []`), 400, "glossary_data"},
		{"target_language is none", field("target_language", "Korean please"), 400, "target_language"},
		{"source_language is none", field("source_language", "???"), 400, "source_language"},
		{"engine is unknown", field("engine", "babelfish"), 400, "engine"},
		{"model_name is too long", field("model_name", strings.Repeat("x", 256)), 400, "model_name"},
		{"encoding is unknown", field("encoding", "klingon-8"), 400, "klingon-8"},
		{"max_cost_usd is no number", field("max_cost_usd", "much"), 400, "max_cost_usd"},
		{"max_cost_usd is negative", field("max_cost_usd", "-1"), 400, "max_cost_usd"},
		{"max_cost_usd is not finite", field("max_cost_usd", "NaN"), 400, "max_cost_usd"},
		{"translate_pre is neither true nor false", field("translate_pre", "perhaps"), 400, "translate_pre"},
		{"memory is neither true nor false", field("memory", "perhaps"), 400, "memory"},
		{"review is neither true nor false", field("review", "perhaps"), 400, "review"},
		{"api_key has a line break", field("api_key", "one\ntwo"), 400, "api_key"},
		{"a field is not UTF-8", field("model_name", "\xff\xfe"), 400, "model_name"},
		{"a field holds NUL", field("model_name", "a\x00b"), 400, "model_name"},
		{"the key is refused", field("api_key", "invalid-key"), 400, "Invalid API Key or unsupported model."},
		{"the model is unknown", field("model_name", "gpt-900"), 400, "Invalid API Key or unsupported model."},
		{"no file", func() process.Upload { return process.Upload{Fields: map[string]string{"model_name": "pseudo"}} }, 400, "file"},
		{"nothing at all", func() process.Upload { return process.Upload{} }, 400, "file"},

		{"too large", file(strings.Repeat("A line.\n", megabyte/8) + "x"), 413, "1 MB"},
		{"too large, length unknown", func() process.Upload {
			return process.Upload{Content: io.LimitReader(endless{}, 3*megabyte)}
		}, 413, "1 MB"},
		{"far too large", file(strings.Repeat("A line.\n", megabyte/2)), 413, "1 MB"},

		{"a picture", named("picture.png", "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01"), 415, "txt"},
		{"a picture called text", named("picture.txt", "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01"), 415, "txt"},
		{"a PDF", named("book.pdf", "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n"), 415, "txt"},
		{"a program", named("verso", "\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x03\x00"), 415, "txt"},
		{"JSON", named("data.json", `{"a": "text"}`), 415, "txt"},
		{"RTF", named("letter.txt", `{\rtf1\ansi Hello}`), 415, "txt"},
		{"NUL behind the beginning", file(strings.Repeat("A line.\n", 2000) + "a\x00b"), 415, ""},

		{"empty", file(""), 422, "empty"},
		{"white space only", file(" \n\t\r\n \u00a0\n"), 422, "empty"},
		{"a byte order mark only", file("\ufeff"), 422, "empty"},
		{"no known encoding", file("a\xff\xfeb\x81\x8d\x8f\x90\x9d " + strings.Repeat("\xff", 40)), 422, "encoding"},
		{"not the named encoding", func() process.Upload {
			return process.Upload{Content: strings.NewReader("caf\xe9\n"), Fields: map[string]string{"encoding": "utf-8"}}
		}, 422, "UTF-8"},
	} {
		t.Run(test.name, func(t *testing.T) {
			mustLeaveNothing(t, dir, func() {
				problem := client.Upload(t, test.upload()).MustRefuse(t, test.status)
				if !strings.Contains(problem.Message, test.says) {
					t.Errorf("the message does not name %q: %s", test.says, problem.Message)
				}
				if strings.HasPrefix(test.says, "Invalid") && problem.Message != test.says {
					t.Errorf("the message is to be exactly %q: %s", test.says, problem.Message)
				}
			})
		})
	}

	t.Run("guest", func(t *testing.T) {
		mustLeaveNothing(t, dir, func() {
			answer := server.Guest(t).Upload(t, file("One.")())
			answer.MustRefuse(t, http.StatusUnauthorized)
			if reason := answer.Header.Get("x-clerk-auth-reason"); reason != "session-token-missing" {
				t.Errorf("x-clerk-auth-reason: %q", reason)
			}
			if challenge := answer.Header.Get("WWW-Authenticate"); challenge != "Bearer" {
				t.Errorf("WWW-Authenticate: %q", challenge)
			}
		})
	})
	t.Run("superuser", func(t *testing.T) {
		superuser := server.SignInSuperuser(t, superuserEmail, superuserPassword)
		mustLeaveNothing(t, dir, func() { superuser.Upload(t, file("One.")()).MustRefuse(t, http.StatusForbidden) })
	})
	t.Run("raw bodies", func(t *testing.T) { refuseRawBodies(t, client, dir) })
}

// refuseRawBodies sends what no form encoder would.
func refuseRawBodies(t *testing.T, client *process.Client, dir string) {
	part := func(disposition, content string) string {
		return "--B\r\nContent-Disposition: form-data; " + disposition + "\r\n\r\n" + content + "\r\n"
	}
	const form = "multipart/form-data; boundary=B"
	twoFiles := part(`name="file"; filename="a.txt"`, "One.") + part(`name="file"; filename="b.txt"`, "Two.") + "--B--\r\n"

	for _, test := range []struct{ name, contentType, body, says string }{
		{"two files", form, twoFiles, "one document"},
		{"a field twice", form, part(`name="file"; filename="a.txt"`, "One.") + part(`name="model_name"`, "a") + part(`name="model_name"`, "b") + "--B--\r\n", "more than once"},
		{"cut off in the file", form, part(`name="file"; filename="a.txt"`, "One."), ""},
		{"cut off in a header", form, "--B\r\nContent-Dispo", ""},
		{"another boundary", "multipart/form-data; boundary=C", twoFiles, ""},
		{"no boundary", "multipart/form-data", twoFiles, ""},
		{"JSON", "application/json", `{"file":"One."}`, "multipart"},
		{"a form without files", "application/x-www-form-urlencoded", "file=One.", "multipart"},
		{"no type", "", "One.", "multipart"},
	} {
		t.Run(test.name, func(t *testing.T) {
			mustLeaveNothing(t, dir, func() {
				header := http.Header{"Content-Type": {test.contentType}}
				answer, err := client.Do(t.Context(), http.MethodPost, "/uploadfile/", bytes.NewReader([]byte(test.body)), header)
				if err != nil {
					t.Fatal(err)
				}
				if problem := answer.MustRefuse(t, http.StatusBadRequest); !strings.Contains(problem.Message, test.says) {
					t.Errorf("the message does not say %q: %s", test.says, problem.Message)
				}
			})
		})
	}
}

// endless is a text without an end.
type endless struct{}

// Read fills p with lines.
func (endless) Read(p []byte) (int, error) {
	const line = "The same line, again and again.\n"
	for n := 0; n < len(p); {
		n += copy(p[n:], line)
	}
	return len(p), nil
}

// TestTooManyJobs uploads one document more than a person may have unfinished.
func TestTooManyJobs(t *testing.T) {
	const most = 3
	dir := filepath.Join(t.TempDir(), "data")
	server := process.Start(t, process.Options{Dir: dir, Env: env("VERSO_PSEUDO_DELAY", "1m", "VERSO_MAX_ACTIVE_JOBS", fmt.Sprint(most))})
	client := server.SignIn(t, ada)
	upload := func() process.Upload { return process.Upload{Content: strings.NewReader("One.\n\nTwo.\n")} }

	var jobs []process.Job
	for range most {
		jobs = append(jobs, client.MustUpload(t, upload()))
	}
	process.Eventually(t, waitShort, "all jobs are planned", func() bool {
		return leftovers(t, dir)["translation_segments"] == most
	})
	mustLeaveNothing(t, dir, func() {
		answer := client.Upload(t, upload())
		answer.MustRefuse(t, http.StatusTooManyRequests)
		if answer.Header.Get("Retry-After") == "" {
			t.Error("the answer lacks Retry-After")
		}
	})
	server.SignIn(t, bo).MustUpload(t, upload()) // another person is not concerned
	client.DeleteJob(t, jobs[0].ID)
	client.MustUpload(t, upload())
}

// TestTooManyJobsAtOnce races for the last places.
func TestTooManyJobsAtOnce(t *testing.T) {
	const most, racers = 3, 12
	server := process.Start(t, process.Options{Env: env("VERSO_PSEUDO_DELAY", "1m", "VERSO_MAX_ACTIVE_JOBS", fmt.Sprint(most))})
	client := server.SignIn(t, ada)
	accepted := 0
	for _, answer := range race(t, client, racers, func() process.Upload {
		return process.Upload{Content: strings.NewReader("One.\n\nTwo.\n")}
	}) {
		if answer.Status == http.StatusOK {
			accepted++
		} else {
			answer.MustRefuse(t, http.StatusTooManyRequests)
		}
	}
	if accepted != most {
		t.Errorf("%d uploads were accepted, want %d", accepted, most)
	}
	process.Eventually(t, waitShort, "the refused uploads' files are gone", func() bool {
		return leftovers(t, server.Dir)["files"] == 2*most // each with the attributes beside it
	})
}
