package tests

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"verso/tests/process"
	"verso/tests/standin"
)

// segmentText is where the text of a document may stand in what travels.
var segmentText = regexp.MustCompile(`^(work\.(blocks|kept|earlier)\.\d+\.text|work\.context|(work\.)?climb\.good\.[^.]+)$`)

// TestRiverSecrets translates with an API key of the owner's, and looks into what is in
// PostgreSQL while segments are in flight and afterwards, unpacked: the key stands
// nowhere, the document in the segments alone, and after a minute that is gone. Workers
// that do not have the service's sealing key are told so.
func TestRiverSecrets(t *testing.T) {
	t.Parallel()
	const ownKey = "key-of-the-owner-a7f3"
	c := newCrew(t, standin.Config{Latency: time.Second, Rules: []standin.Rule{
		{Fault: standin.Echo, Numbers: []int{1}}, {Fault: standin.ServerError, Numbers: []int{2}}, // errors travel too
	}})
	worker := c.start(t, 1)[0]
	client, told := c.server.SignIn(t, ada), plainStory(12)
	job := client.MustUpload(t, told.upload("target_language", "fr", "segment_size", "500", "api_key", ownKey))
	look := secretLook{keys: []string{ownKey, serverKey}, seen: map[string]int{}}
	for _, paragraph := range told {
		look.texts = append(look.texts, paragraph, standin.Translate("fr", paragraph))
	}
	c.gemini.MustAwait(t, func(asked []standin.Request) bool { return len(standin.Translations(asked)) >= 3 })
	look.into(t, c)
	if ended := awaitStatus(t, client, time.Minute, finished(), job.ID)[job.ID]; ended.Status != "COMPLETED" {
		t.Fatalf("the job is %s", ended.Status)
	}
	look.into(t, c)
	for _, path := range []string{"work.sealed_key", "work.blocks.0.text", "climb.good.b1", "reply.kind"} {
		if look.seen[path] == 0 {
			t.Errorf("nothing with a %s was seen on its way", path)
		}
	}
	for _, request := range c.gemini.Translations() {
		if !request.UsedKey(ownKey) {
			t.Error("a request was made with another key")
		}
	}

	other := env("POSTGRES_URL", c.url, "VERSO_SECRET_KEY", sealingKey(), "VERSO_ENGINES", "gemini", "GEMINI_API_KEY", serverKey)
	if code, log := process.Run(t, other, "worker"); code != 1 || !strings.Contains(log, "VERSO_SECRET_KEY") {
		t.Errorf("a worker with another key ended with %d: %s", code, log)
	}
	if code, log := process.Run(t, env("POSTGRES_URL", c.url), "worker"); code != 1 || !strings.Contains(log, "VERSO_SECRET_KEY") {
		t.Errorf("a worker without a key ended with %d: %s", code, log)
	}

	// Who starts looks at once for what is to be forgotten, if nobody else does already.
	worker.Stop(t)
	c.server.Kill()
	c.postgres.MustExec(t, workDB, `
		UPDATE verso_work.river_job SET finalized_at = now() - CASE WHEN id = last THEN interval '0' ELSE interval '61 seconds' END
		FROM (SELECT max(id) AS last FROM verso_work.river_job WHERE kind = 'verso_step') AS steps WHERE kind = 'verso_step'`)
	c.server = process.Start(t, c.options)
	steps := func() string {
		return c.postgres.MustQuery(t, workDB, `SELECT count(*) FROM verso_work.river_job WHERE kind = 'verso_step'`)[0][0]
	}
	if !process.Holds(20*time.Second, func() bool { return steps() == "1" }) {
		t.Errorf("there are %s steps, of which all but one ended over a minute ago", steps())
	}
	if c.server.Stop(t); steps() != "0" {
		t.Error("a step is left by the service, though nobody may come who would forget it")
	}
}

// secretLook looks for what must not be in PostgreSQL.
type secretLook struct {
	keys, texts []string
	seen        map[string]int // how often each place held something
}

// into looks into all rows that there are.
func (l secretLook) into(t *testing.T, c *crew) {
	t.Helper()
	for _, table := range []string{"server", "worker", "river_job", "river_queue", "river_leader"} {
		for _, row := range c.postgres.MustQuery(t, workDB, `SELECT row_to_json(r)::text FROM verso_work.`+table+` r`) {
			l.check(t, table, row[0])
		}
	}
	for _, row := range c.postgres.MustQuery(t, workDB, `SELECT args->>'packed' FROM verso_work.river_job`) {
		l.walk(t, "", unpackArgs(t, row[0]))
	}
}

// check reports a key, and a text that stands where none may.
func (l secretLook) check(t *testing.T, place, content string) {
	t.Helper()
	for _, key := range l.keys {
		if strings.Contains(content, key) {
			t.Errorf("a key stands in %s", place)
		}
	}
	for _, text := range l.texts {
		if strings.Contains(content, text[:40]) && !segmentText.MatchString(place) {
			t.Errorf("a piece of the document stands in %s: %.60s", place, text)
		}
	}
}

// walk checks every text in a value of JSON, names too.
func (l secretLook) walk(t *testing.T, place string, value any) {
	t.Helper()
	switch value := value.(type) {
	case map[string]any:
		for name, inside := range value {
			l.check(t, place+" as a name", name)
			l.walk(t, strings.TrimPrefix(place+"."+name, "."), inside)
		}
	case []any:
		for i, inside := range value {
			l.walk(t, fmt.Sprintf("%s.%d", place, i), inside)
		}
	default:
		l.seen[place]++
		l.check(t, place, fmt.Sprint(value))
	}
}

// unpackArgs returns what a step or an outcome holds.
func unpackArgs(t *testing.T, packed string) (value any) {
	t.Helper()
	squeezed, err := base64.StdEncoding.DecodeString(packed)
	if err != nil {
		t.Fatal(err)
	}
	loose, err := gzip.NewReader(bytes.NewReader(squeezed))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.NewDecoder(loose).Decode(&value); err != nil {
		t.Fatal(err)
	}
	return value
}
