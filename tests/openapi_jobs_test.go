package tests

import (
	"database/sql"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"verso/tests/process"
)

// plain is a document that is translated at once: nothing is found out about it.
func plain(text string, fields ...string) process.Upload {
	return process.Upload{
		Content: strings.NewReader(text),
		Fields:  env(append([]string{"style_data", "{}", "glossary_data", "[]"}, fields...)...),
	}
}

// picture is a file of a format that is not on offer.
func picture() process.Upload {
	return process.Upload{Filename: "a.png", Content: strings.NewReader("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01")}
}

// job uploads what is to be accepted.
func (a *api) job(t *testing.T, upload process.Upload) process.Job {
	t.Helper()
	var job process.Job
	a.upload(t, http.StatusOK, "/uploadfile/", upload).Decode(t, &job)
	return job
}

// still is a job under way that comes to no end, because Gemini does not answer.
func (a *api) still(t *testing.T) (id string) {
	t.Helper()
	job := a.job(t, plain("The "+stillWord+" lay there.\n", "engine", "gemini", "api_key", "adas-key"))
	process.Eventually(t, waitShort, "the job is divided", func() bool {
		now := a.ada.Job(t, job.ID)
		return now.Status == "PROCESSING" && now.SegmentsTotal > 0
	})
	return job.ID
}

func (a *api) askForDocuments(t *testing.T) {
	const text = "Call me Ishmael.\n\nIt is a way I have of driving off the spleen.\n"
	for _, path := range []string{"/uploadfile/", "/uploadfile"} {
		keyed := func(text string) process.Upload {
			upload := plain(text, "target_language", "fr", "max_cost_usd", "2.5", "translate_pre", "true", "memory", "false")
			upload.Header = []string{"Idempotency-Key", "key of " + path}
			return upload
		}
		var first, again process.Job
		a.upload(t, http.StatusOK, path, keyed(text)).Decode(t, &first)
		a.upload(t, http.StatusOK, path, keyed(text)).Decode(t, &again)
		if first.ID != again.ID {
			t.Errorf("the same upload under one key made %s and %s", first.ID, again.ID)
		}
		a.upload(t, http.StatusConflict, path, keyed("Another text.\n"))
		a.mustRefuseUploads(t, path)
	}
	job := a.job(t, plain(text))
	awaitStatus(t, a.ada, waitShort, []string{"COMPLETED"}, job.ID)
	a.askForDownloads(t, job.ID)
}

// mustRefuseUploads sends what no route takes that takes a document.
func (a *api) mustRefuseUploads(t *testing.T, path string) {
	t.Helper()
	a.upload(t, http.StatusBadRequest, path, plain("One.\n", "segment_size", "1"))
	a.upload(t, http.StatusBadRequest, path, process.Upload{})
	a.ask(t, a.ada, http.StatusBadRequest, "POST", path, "{}")
	a.upload(t, http.StatusRequestEntityTooLarge, path, plain(strings.Repeat("A line.\n", 1<<17)+"x"))
	a.upload(t, http.StatusUnsupportedMediaType, path, picture())
	a.upload(t, http.StatusUnprocessableEntity, path, plain(" \n"))
	a.ask(t, a.root, http.StatusForbidden, "POST", path, nil)
}

func (a *api) askForDownloads(t *testing.T, id string) {
	t.Helper()
	path := "/download/" + id
	tag := a.ask(t, a.ada, http.StatusOK, "GET", path, nil).Header.Get("ETag")
	a.ask(t, a.root, http.StatusOK, "GET", path, nil)
	a.ask(t, a.ada, http.StatusOK, "GET", path+"?bilingual=below", nil)
	a.ask(t, a.guest, http.StatusOK, "GET", path+"?token="+a.ada.FileToken(t), nil)
	a.ask(t, a.guest, http.StatusUnauthorized, "GET", path+"?token=none", nil)
	a.ask(t, a.ada, http.StatusPartialContent, "GET", path, nil, "Range", "bytes=0-3")
	a.ask(t, a.ada, http.StatusNotModified, "GET", path, nil, "If-None-Match", tag)
	a.ask(t, a.ada, http.StatusPreconditionFailed, "GET", path, nil, "If-Match", `"another"`)
	a.ask(t, a.ada, http.StatusRequestedRangeNotSatisfiable, "GET", path, nil, "Range", "bytes=9999-")
	a.ask(t, a.ada, http.StatusBadRequest, "GET", path+"?bilingual=beside", nil)

	for _, name := range []string{"sample.html", "sample.md", "sample.srt", "sample.vtt"} {
		content, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		upload := plain(string(content))
		upload.Filename = name
		job := a.job(t, upload)
		awaitStatus(t, a.ada, waitShort, []string{"COMPLETED"}, job.ID)
		a.ask(t, a.ada, http.StatusOK, "GET", "/download/"+job.ID, nil)
	}
}

func (a *api) askForJobs(t *testing.T) {
	var list struct{ Cursor string }
	a.ask(t, a.ada, http.StatusOK, "GET", "/api/v1/jobs?limit=1&status=PENDING,PROCESSING,COMPLETED&search=document", nil).Decode(t, &list)
	a.ask(t, a.ada, http.StatusOK, "GET", "/api/v1/jobs?cursor="+list.Cursor, nil)
	a.ask(t, a.ada, http.StatusOK, "GET", "/api/v1/jobs?issues=true", nil)
	a.ask(t, a.ada, http.StatusBadRequest, "GET", "/api/v1/jobs?limit=0", nil)
	a.ask(t, a.root, http.StatusForbidden, "GET", "/api/v1/jobs", nil)

	id := a.still(t)
	job := "/api/v1/jobs/" + id
	a.ask(t, a.ada, http.StatusOK, "GET", job, nil)
	a.ask(t, a.root, http.StatusOK, "GET", "/status/"+id, nil)
	a.ask(t, a.ada, http.StatusConflict, "GET", "/download/"+id, nil)
	a.ask(t, a.ada, http.StatusOK, "GET", "/download/"+id+"?partial=1", nil)
	a.ask(t, a.ada, http.StatusConflict, "POST", job+"/resume", nil)
	a.ask(t, a.ada, http.StatusConflict, "POST", job+"/retry", nil)
	a.ask(t, a.ada, http.StatusOK, "POST", job+"/pause", nil)
	a.ask(t, a.ada, http.StatusConflict, "POST", job+"/pause", nil)

	large := `{"model_name":"` + strings.Repeat("x", 1<<20) + `"}`
	a.ask(t, a.ada, http.StatusRequestEntityTooLarge, "POST", job+"/resume", large)
	a.ask(t, a.ada, http.StatusBadRequest, "POST", job+"/resume", map[string]any{"api_key": "one two"})
	a.ask(t, a.ada, http.StatusOK, "POST", job+"/resume", map[string]any{"api_key": "another-key", "max_cost_usd": 2})
	a.ask(t, a.ada, http.StatusOK, "POST", job+"/cancel", nil)
	a.ask(t, a.ada, http.StatusConflict, "POST", job+"/cancel", nil)
	a.ask(t, a.ada, http.StatusConflict, "PATCH", job+"/brief", map[string]any{"style_data": map[string]any{}})

	ended := a.job(t, plain("One.\n"))
	awaitStatus(t, a.ada, waitShort, []string{"COMPLETED"}, ended.ID)
	job = "/api/v1/jobs/" + ended.ID
	a.ask(t, a.ada, http.StatusRequestEntityTooLarge, "POST", job+"/retry", large)
	a.ask(t, a.ada, http.StatusBadRequest, "POST", job+"/retry", map[string]any{"positions": []int{99}})
	a.ask(t, a.ada, http.StatusOK, "POST", job+"/retry", map[string]any{"positions": []int{0}, "model_name": "pseudo"})
	awaitStatus(t, a.ada, waitShort, []string{"COMPLETED"}, ended.ID)

	a.forgetDocuments(t, ended.ID)
	a.ask(t, a.ada, http.StatusGone, "POST", job+"/retry", nil)
	a.ask(t, a.ada, http.StatusGone, "GET", "/download/"+ended.ID, nil)
	a.ask(t, a.ada, http.StatusGone, "PATCH", job+"/brief", map[string]any{"style_data": map[string]any{"tone_keywords": "calm"}})
	a.ask(t, a.ada, http.StatusNoContent, "DELETE", job, nil)
	a.ask(t, a.ada, http.StatusNotFound, "GET", job, nil)

	// The service lends hardly anything of its own key.
	broke := a.job(t, plain("One.\n", "engine", "gemini"))
	awaitStatus(t, a.ada, waitShort, []string{"PAUSED"}, broke.ID)
	var paused process.Job
	a.ask(t, a.ada, http.StatusOK, "GET", "/api/v1/jobs/"+broke.ID, nil).Decode(t, &paused)
	if paused.ResumesAt == nil || paused.PauseReason == nil || *paused.PauseReason != "budget" {
		t.Errorf("it waits for the next month: %+v", paused)
	}
}

// forgetDocuments has a job lose its documents, as it does after VERSO_KEEP_DAYS.
func (a *api) forgetDocuments(t *testing.T, id string) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(a.Dir, "data.db")+"?_pragma=busy_timeout(10000)")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(`UPDATE translation_jobs SET source = '', output = '' WHERE id = ?`, id); err != nil {
		t.Fatal(err)
	}
}

func (a *api) askForText(t *testing.T) {
	story := plain("A good line.\n\nThe "+poisonWord+" danced.\n", "engine", "gemini", "api_key", "adas-key", "model_name", "gemini-2.5-flash-lite")
	job := a.job(t, story)
	awaitStatus(t, a.ada, waitShort, []string{"COMPLETED"}, job.ID)
	segments := "/api/v1/jobs/" + job.ID + "/segments"
	var listed struct{ Segments []process.Segment }
	a.ask(t, a.ada, http.StatusOK, "GET", segments+"?since=0&limit=10&status=issue", nil).Decode(t, &listed)
	if len(listed.Segments) != 1 || listed.Segments[0].Issue == nil {
		t.Fatalf("the segments with issues are %+v", listed.Segments)
	}
	a.ask(t, a.root, http.StatusOK, "GET", segments, nil)
	a.ask(t, a.ada, http.StatusBadRequest, "GET", segments+"?status=pending", nil)
	a.ask(t, a.ada, http.StatusOK, "GET", "/api/v1/jobs?issues=true", nil)

	block := func(id, text string) map[string]any {
		return map[string]any{"blocks": []any{map[string]string{"id": id, "text": text}}}
	}
	a.ask(t, a.ada, http.StatusOK, "PATCH", segments+"/0", block("b2", "늪의 불빛이 춤추었다."))
	a.ask(t, a.ada, http.StatusBadRequest, "PATCH", segments+"/0", block("b99", "x"))
	a.ask(t, a.root, http.StatusForbidden, "PATCH", segments+"/0", block("b1", "x"))
	a.ask(t, a.ada, http.StatusNotFound, "PATCH", segments+"/7", block("b1", "x"))
	a.ask(t, a.ada, http.StatusRequestEntityTooLarge, "PATCH", segments+"/0", block("b1", strings.Repeat("x", 1<<20)))
	a.ask(t, a.ada, http.StatusOK, "GET", "/download/"+job.ID, nil)

	id := a.still(t)
	a.ask(t, a.ada, http.StatusConflict, "PATCH", "/api/v1/jobs/"+id+"/segments/0", block("b1", "x"))
	a.ask(t, a.ada, http.StatusNoContent, "DELETE", "/api/v1/jobs/"+id, nil)

	// The correction above would be taken from memory.
	lost := a.job(t, plain("The "+poisonWord+" danced.\n", "engine", "gemini", "api_key", "adas-key", "memory", "false"))
	awaitStatus(t, a.ada, waitShort, []string{"FAILED"}, lost.ID)
	a.ask(t, a.ada, http.StatusOK, "GET", "/status/"+lost.ID, nil)
	a.ask(t, a.ada, http.StatusOK, "GET", "/api/v1/jobs/"+lost.ID+"/segments", nil)
}

func (a *api) askForBrief(t *testing.T) {
	job := a.job(t, process.Upload{Content: strings.NewReader("Ahab spoke of Ahab, and Ahab laughed.\n\nAhab slept.\n"), Fields: env("review", "true")})
	awaitStatus(t, a.ada, waitShort, []string{"PAUSED"}, job.ID)
	brief := "/api/v1/jobs/" + job.ID + "/brief"
	a.ask(t, a.ada, http.StatusOK, "GET", brief, nil)
	a.ask(t, a.ada, http.StatusOK, "POST", "/api/v1/jobs/"+job.ID+"/resume", nil)
	awaitStatus(t, a.ada, waitShort, []string{"COMPLETED"}, job.ID)

	term := map[string]any{"term": "Ahab", "translation": "Acab", "kind": "person", "gender": "male", "aliases": []string{"the captain"}}
	change := map[string]any{"glossary": []any{term}, "style_data": map[string]any{"tone_keywords": "calm"}}
	a.ask(t, a.ada, http.StatusOK, "PATCH", brief+"?dry_run=true", change)
	a.ask(t, a.root, http.StatusOK, "PATCH", brief, change)
	a.ask(t, a.ada, http.StatusOK, "GET", brief, nil)
	a.ask(t, a.ada, http.StatusOK, "PATCH", brief, map[string]any{"glossary_data": []any{}})
	a.ask(t, a.ada, http.StatusBadRequest, "PATCH", brief, "[]")
	a.ask(t, a.ada, http.StatusBadRequest, "PATCH", brief+"?dry_run=perhaps", change)
	a.ask(t, a.ada, http.StatusRequestEntityTooLarge, "PATCH", brief, `{"style_data":{"x":"`+strings.Repeat("x", 8<<20)+`"}}`)
}

func (a *api) askBeforeUpload(t *testing.T) {
	const text = "Ahab spoke of Queequeg.\n\nQueequeg spoke of Ahab, and Ahab of Nantucket.\n"
	routes := []string{"/api/v1/quote", "/api/v1/analyze-style", "/api/v1/analyze-glossary"}
	for _, path := range routes {
		a.upload(t, http.StatusOK, path, plain(text))
		a.upload(t, http.StatusOK, path, plain(text, "engine", "gemini", "api_key", "adas-key"))
		a.mustRefuseUploads(t, path)
	}
	a.upload(t, http.StatusOK, routes[0], plain(text, "engine", "gemini"))
	for _, path := range routes[1:] {
		a.upload(t, http.StatusPaymentRequired, path, plain(text, "engine", "gemini"))
	}
}
