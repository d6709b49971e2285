package tests

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"verso/tests/process"
)

// spellings returns a secret in every form in which it could lie about.
func spellings(secret string) map[string][]byte {
	forms := map[string]string{
		"as it is":            secret,
		"in base64":           base64.RawStdEncoding.EncodeToString([]byte(secret)),
		"in base64 for URLs":  base64.RawURLEncoding.EncodeToString([]byte(secret)),
		"in hexadecimal":      hex.EncodeToString([]byte(secret)),
		"escaped for a query": url.QueryEscape(secret),
		"escaped for a path":  url.PathEscape(secret),
	}
	// Within a longer text base64 depends on where the secret begins.
	for shift := 1; shift < 3; shift++ {
		encoded := base64.RawStdEncoding.EncodeToString([]byte(strings.Repeat("x", shift) + secret))
		forms[fmt.Sprintf("in base64, %d bytes in", shift)] = encoded[4 : len(encoded)-4]
	}
	// However the rest is escaped, letters and digits stay.
	for i, part := range strings.FieldsFunc(secret, func(r rune) bool { return strings.ContainsRune("+/=&%", r) }) {
		if len(part) >= 20 {
			forms[fmt.Sprintf("in part %d", i+1)] = part
		}
	}
	encoded := map[string][]byte{}
	for name, form := range forms {
		encoded[name] = []byte(form)
	}
	return encoded
}

// mustNotHold wants a place to be free of a secret.
func mustNotHold(t *testing.T, place string, content []byte, secret string) {
	t.Helper()
	for form, spelled := range spellings(secret) {
		if i := bytes.Index(content, spelled); i >= 0 {
			t.Errorf("%s holds the secret %s, after %q", place, form, content[max(0, i-80):i])
		}
	}
}

// mustNotLieAbout wants every file of a data directory, and those beside it,
// to be free of a secret.
func mustNotLieAbout(t *testing.T, dir, secret string) {
	t.Helper()
	err := filepath.WalkDir(filepath.Dir(dir), func(path string, entry fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		content, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		mustNotHold(t, "file "+filepath.Base(path), content, secret)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// superuserAnswers returns everything that the records and logs APIs tell a
// superuser.
func superuserAnswers(t *testing.T, superuser *process.Client) []byte {
	t.Helper()
	var all bytes.Buffer
	var collections struct {
		Items []struct {
			Name string `json:"name"`
		} `json:"items"`
	}
	superuser.Get(t, "/api/collections?perPage=500").MustBe(t, http.StatusOK).Decode(t, &collections)
	if len(collections.Items) < 8 {
		t.Fatalf("a superuser sees only %d collections", len(collections.Items))
	}
	for _, collection := range collections.Items {
		answer := superuser.Get(t, "/api/collections/"+collection.Name+"/records?perPage=500&expand=job,owner,owner_id").MustBe(t, http.StatusOK)
		all.Write(answer.Body)
	}
	all.Write(superuser.Get(t, "/api/logs?perPage=500").MustBe(t, http.StatusOK).Body)
	all.Write(superuser.Get(t, "/api/settings").MustBe(t, http.StatusOK).Body)
	return all.Bytes()
}

// mustSeeInLogs waits until the request log, which is written every few
// seconds, holds a request.
func mustSeeInLogs(t *testing.T, superuser *process.Client, part string) {
	t.Helper()
	query := "/api/logs?perPage=500&filter=" + url.QueryEscape(`data.url ~ "`+part+`"`)
	process.Eventually(t, waitShort, "the request log holds "+part, func() bool {
		var logs struct {
			Items []json.RawMessage `json:"items"`
		}
		superuser.Get(t, query).MustBe(t, http.StatusOK).Decode(t, &logs)
		return len(logs.Items) > 0
	})
}

// TestAPIKeyStaysSecret lends the service an API key and looks for it
// everywhere, while it is needed and after.
func TestAPIKeyStaysSecret(t *testing.T) {
	secret := "AIza+" + rand.Text() + "/&%=" + rand.Text()
	dir, journal := filepath.Join(t.TempDir(), "data"), filepath.Join(t.TempDir(), "journal")
	mustAddSuperuser(t, dir)
	server := process.Start(t, process.Options{Dir: dir, Env: env(
		"VERSO_PSEUDO_DELAY", "1500ms", "VERSO_PSEUDO_JOURNAL", journal, "VERSO_PSEUDO_FAULTS", "malformed=0.3",
	)})
	client, superuser := server.SignIn(t, ada), server.SignInSuperuser(t, superuserEmail, superuserPassword)
	stream, all := client.Subscribe(t, "translation_jobs/*"), superuser.Subscribe(t, "translation_jobs/*", "sealed_keys/*")

	t.Run("refused", func(t *testing.T) {
		for _, fields := range []map[string]string{
			{"api_key": "invalid" + secret},
			{"api_key": secret + "\n"},
			{"api_key": secret, "segment_size": "1"},
			{"api_key": secret, "model_name": "gpt-900"},
			{"api_key": secret + strings.Repeat("x", 5000)},
		} {
			answer := client.Upload(t, process.Upload{Content: strings.NewReader("One.\n"), Fields: fields})
			answer.MustRefuse(t, http.StatusBadRequest)
			mustNotHold(t, "a refusal", answer.Body, secret)
		}
	})

	upload := process.Upload{
		Content: strings.NewReader(mobyDick(t)[:40000]),
		Fields:  map[string]string{"api_key": secret, "segment_size": "5000"},
		Header:  []string{"Idempotency-Key", "once"},
	}
	answer := client.Upload(t, upload).MustBe(t, http.StatusOK)
	mustNotHold(t, "the answer to the upload", answer.Body, secret)
	var job process.Job
	answer.Decode(t, &job)
	process.Eventually(t, waitShort, "segments in flight", func() bool { return len(process.ReadJournal(t, journal)) > 0 })

	t.Run("while the job runs", func(t *testing.T) {
		if n := leftovers(t, dir)["sealed_keys"]; n != 1 {
			t.Errorf("%d sealed keys, want 1", n)
		}
		mustNotLieAbout(t, dir, secret)
		mustNotHold(t, "what a superuser sees", superuserAnswers(t, superuser), secret)
		mustNotHold(t, "the process's output", []byte(server.Log()), secret)
		for _, path := range []string{"/status/", "/api/v1/jobs/", "/download/", "/api/collections/translation_jobs/records/"} {
			mustNotHold(t, path, client.Get(t, path+job.ID).Body, secret)
		}
	})

	stream.UntilFinished(t, job.ID, waitShort*6)
	t.Run("after its end", func(t *testing.T) {
		if n := leftovers(t, dir)["sealed_keys"]; n != 0 {
			t.Errorf("%d sealed keys, want 0", n)
		}
		mustSeeInLogs(t, superuser, "/uploadfile/")
		mustNotHold(t, "what a superuser sees", superuserAnswers(t, superuser), secret)
		mustNotHold(t, "the owner's realtime messages", stream.Raw(), secret)
		mustNotHold(t, "a superuser's realtime messages", all.Raw(), secret)
		mustNotLieAbout(t, dir, secret)
		server.Stop(t)
		mustNotLieAbout(t, dir, secret)
		mustNotHold(t, "the process's output", []byte(server.Log()), secret)
	})
}

// TestTokensStayOutOfLogs follows links that carry a token: who reads the
// request log later must not be able to follow them too.
func TestTokensStayOutOfLogs(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	mustAddSuperuser(t, dir)
	server := process.Start(t, process.Options{Dir: dir, Env: env("VERSO_PSEUDO_DELAY", "0s")})
	client, superuser := server.SignIn(t, ada), server.SignInSuperuser(t, superuserEmail, superuserPassword)
	stream := client.Subscribe(t, "translation_jobs/*")
	job := client.MustUpload(t, process.Upload{Content: strings.NewReader("One.\n")})
	stream.UntilFinished(t, job.ID, waitShort)
	fileToken := client.FileToken(t)
	sessionToken, err := client.Token()
	if err != nil {
		t.Fatal(err)
	}
	guest := server.Guest(t)

	for _, link := range []struct {
		path   string
		status int
	}{
		{"/download/" + job.ID + "?token=" + fileToken, http.StatusOK},
		{"/download/" + job.ID + "?partial=1&token=" + fileToken, http.StatusOK},
		{"/download/aaaaaaaaaaaaaaa?token=" + fileToken, http.StatusNotFound},
		{"/download/" + job.ID + "?token=" + fileToken + "x", http.StatusUnauthorized},
		{"/status/" + job.ID + "?token=" + fileToken, http.StatusUnauthorized},
		{"/api/files/translation_jobs/" + job.ID + "/output.txt?token=" + fileToken, http.StatusOK},
		{"/api/files/translation_jobs/" + job.ID + "/none.txt?token=" + fileToken, http.StatusNotFound},
		{"/nowhere?token=" + fileToken, http.StatusNotFound},
	} {
		guest.Get(t, link.path).MustBe(t, link.status)
	}
	guest.GetWith(t, "/healthz", "Referer", server.URL+"/download/"+job.ID+"?token="+fileToken)
	guest.GetWith(t, "/nowhere-too", "Referer", server.URL+"/download/"+job.ID+"?token="+fileToken)

	mustSeeInLogs(t, superuser, "nowhere-too")
	logs := superuserAnswers(t, superuser)
	if !bytes.Contains(logs, []byte("/download/"+job.ID)) {
		t.Error("the request log does not hold the downloads at all")
	}
	server.Stop(t)
	for name, token := range map[string]string{"file token": fileToken, "session token": sessionToken} {
		signature := token[strings.LastIndexByte(token, '.')+1:]
		mustNotHold(t, name+": what a superuser sees", logs, signature)
		mustNotHold(t, name+": the process's output", []byte(server.Log()), signature)
		mustNotLieAbout(t, dir, signature)
	}
}
