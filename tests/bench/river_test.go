package bench

import (
	"fmt"
	"maps"
	"math"
	"os"
	"strings"
	"testing"
	"time"

	"verso/tests/postgres"
	"verso/tests/process"
	"verso/tests/standin"
)

const (
	riverSegments = 600
	riverSize     = 500 // characters of a segment
	riverWorkers  = 3
	riverSlots    = 16 // of a worker
	riverSecret   = "dmVyc28gc2VhbGluZyBrZXkgb2YgMzIgYnl0ZXMuLi4="
)

// BenchmarkRiver translates 600 segments of 100 ms each, 48 at a time: in the serving
// process, and on three workers through River on PostgreSQL.
func BenchmarkRiver(b *testing.B) {
	places := riverWorkers * riverSlots
	least := time.Duration(math.Ceil(riverSegments/float64(places))) * latency
	gemini := standin.StartGemini(b, standin.Config{Latency: latency})
	service := map[string]string{
		"VERSO_ENGINES": "gemini", "GOOGLE_GEMINI_BASE_URL": gemini.URL, "GEMINI_API_KEY": "key",
		"VERSO_JOB_CONCURRENCY": fmt.Sprint(places), "VERSO_CONCURRENCY": fmt.Sprint(places),
	}
	local := process.Start(b, process.Options{Env: service})
	alone, segments := translate(b, local, gemini, boats(), riverSize)
	if segments != riverSegments {
		b.Fatalf("the document has %d segments", segments)
	}
	table.add(translating, fmt.Sprintf("%d segments in this process, %d at a time", riverSegments, places), alone.Round(time.Millisecond).String(),
		fmt.Sprintf("⌈%d/%d⌉ × %s = %s, ratio %.2f; memory %.0f MB", riverSegments, places, latency, least, alone.Seconds()/least.Seconds(), megabytes(memory(b, local).now)))
	local.Kill()

	database := postgres.Start(b, postgres.Options{})
	database.CreateDatabase(b, "work")
	far := maps.Clone(service)
	maps.Copy(far, map[string]string{"VERSO_EXECUTOR": "river", "POSTGRES_URL": database.URL("work"), "VERSO_SECRET_KEY": riverSecret})
	server := process.Start(b, process.Options{Env: far})
	settings := maps.Clone(far)
	delete(settings, "VERSO_EXECUTOR")
	settings["VERSO_CONCURRENCY"] = fmt.Sprint(riverSlots)
	var used int64
	for range riverWorkers {
		used += memory(b, process.StartWorker(b, settings)).now
	}
	process.Eventually(b, time.Minute, "all workers are seen", func() bool {
		return strings.Contains(string(server.Guest(b).Get(b, "/readyz").Body), fmt.Sprintf(`"places":%d,`, places))
	})
	var spread time.Duration
	cost := inPostgres(b, database, func() (segments int) {
		spread, segments = translate(b, server, gemini, boats(), riverSize)
		return segments
	})
	table.add(translating, fmt.Sprintf("the same on %d workers of %d", riverWorkers, riverSlots), spread.Round(time.Millisecond).String(),
		fmt.Sprintf("ratio %.2f; %.2f times as long as in one process; memory of a worker %.0f MB", spread.Seconds()/least.Seconds(),
			spread.Seconds()/alone.Seconds(), megabytes(used/riverWorkers)))
	table.add(translating, fmt.Sprintf("in PostgreSQL, a segment of %d characters", riverSize), cost,
		connections(b, database)+fmt.Sprintf(" connections of a service, its mirror and %d workers", riverWorkers))
	const size = 15000 // the default
	cost = inPostgres(b, database, func() (segments int) {
		_, segments = translate(b, server, gemini, mobyDick(b), size)
		return segments
	})
	table.add(translating, fmt.Sprintf("in PostgreSQL, a segment of %d characters", size), cost, "twenty chapters of Moby-Dick")
}

// mobyDick is a real text, because what travels is packed.
func mobyDick(b *testing.B) string {
	b.Helper()
	text, err := os.ReadFile("../testdata/moby-dick-1-20.txt")
	if err != nil {
		b.Fatal(err)
	}
	return string(text)
}

// inPostgres says what is written to PostgreSQL for each segment that is translated: rows
// of River's, what stands in them, and the log, with what the mirror writes there.
func inPostgres(b *testing.B, database *postgres.Server, translate func() (segments int)) string {
	b.Helper()
	before := database.MustQuery(b, "work", `SELECT pg_current_wal_lsn(), coalesce(max(id), 0) FROM verso_work.river_job`)[0]
	segments := translate()
	written := database.MustQuery(b, "work", `
		SELECT round(count(*)::numeric / $1, 1), round(sum(length(args::text)) / $1 / 1000.0, 1), round(pg_wal_lsn_diff(pg_current_wal_lsn(), $2) / $1 / 1000, 1)
		FROM verso_work.river_job WHERE id > $3`, segments, before[0], before[1])[0]
	return fmt.Sprintf("%s rows, %s kB in them, %s kB of log", written[0], written[1], written[2])
}

// connections returns how many connections to the database are open, this one not
// counted.
func connections(b *testing.B, database *postgres.Server) string {
	b.Helper()
	return database.MustQuery(b, "work", `SELECT count(*) - 1 FROM pg_stat_activity WHERE datname = 'work'`)[0][0]
}

// boats is a text of as many segments as there are to be, a paragraph each.
func boats() string {
	var text strings.Builder
	for n := range riverSegments {
		fmt.Fprintf(&text, "%s\n\n", strings.Repeat(fmt.Sprintf("The boat number %d went out with the tide and came home late. ", n), 7))
	}
	return text.String()
}

// translate has a document translated in segments of a size, and returns how long that
// took after the upload, and how many they were.
func translate(b *testing.B, server *process.Server, gemini *standin.Gemini, text string, size int) (wall time.Duration, segments int) {
	b.Helper()
	ada := server.SignIn(b, "user_demoada")
	stream := ada.Subscribe(b, "translation_jobs/*")
	before := len(gemini.Translations())
	began := time.Now()
	job := ada.MustUpload(b, process.Upload{
		Content: strings.NewReader(text),
		Fields: map[string]string{
			"target_language": "fr", "source_language": "en", "segment_size": fmt.Sprint(size), "memory": "false", "style_data": "{}", "glossary_data": "[]",
		},
	})
	accepted := time.Since(began)
	stream.UntilFinished(b, job.ID, 5*time.Minute)
	wall = time.Since(began) - accepted
	done := ada.Job(b, job.ID)
	if done.Status != "COMPLETED" {
		b.Fatalf("the document ended as %+v", done)
	}
	if asked := len(gemini.Translations()) - before; asked != done.SegmentsTotal {
		b.Errorf("%d requests for %d segments", asked, done.SegmentsTotal)
	}
	return wall, done.SegmentsTotal
}
