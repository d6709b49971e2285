package bench

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"verso/tests/process"
)

const (
	restartUnfinished, restartFinished = 1000, 100_000
	benchWait                          = 5 * time.Minute
)

// BenchmarkRestart kills a service with a thousand unfinished jobs and a hundred
// thousand finished ones, and looks how long it takes from the start of the next
// process until it answers, until it has settled a segment, and until all are
// finished; beside the start of one that has nothing.
func BenchmarkRestart(b *testing.B) {
	empty := filepath.Join(b.TempDir(), "data")
	process.Start(b, process.Options{Dir: empty}).Stop(b)
	idle := process.Start(b, process.Options{Dir: empty})
	alone := idle.Ready.Sub(idle.Began)
	aloneMemory := memory(b, idle)
	idle.Kill()

	env := map[string]string{"VERSO_PSEUDO_DELAY": "1m", "VERSO_MAX_ACTIVE_JOBS": "100000"}
	server, _ := startUnlimited(b, env)
	ada := server.SignIn(b, "user_demoada")
	var text strings.Builder
	for n := range 5 {
		fmt.Fprintf(&text, "%s\n\n", strings.Repeat(fmt.Sprintf("The boat number %d went out with the tide and came home late. ", n), 7))
	}
	for range restartUnfinished {
		ada.MustUpload(b, process.Upload{Content: strings.NewReader(text.String()), Fields: map[string]string{
			"target_language": "fr", "source_language": "en", "segment_size": "500", "memory": "false", "style_data": "{}", "glossary_data": "[]",
		}})
	}
	shelve(b, server, ada, "old", restartFinished)
	settled := `SELECT COUNT(*) FROM translation_segments WHERE status != 'pending'`
	unfinished := `SELECT COUNT(*) FROM translation_jobs WHERE status IN ('PENDING', 'PROCESSING')`
	database := process.OpenDatabase(b, server.Dir)
	process.Eventually(b, time.Minute, "all jobs are planned", func() bool {
		return database.Text(b, `SELECT COUNT(*) FROM translation_jobs WHERE status = 'PROCESSING'`) == fmt.Sprint(restartUnfinished)
	})
	if n := database.Text(b, settled); n != "0" {
		b.Fatalf("%s segments are settled already", n)
	}
	server.Kill()

	env["VERSO_PSEUDO_DELAY"] = "0s"
	again := process.Start(b, process.Options{Dir: server.Dir, Env: env})
	up := again.Ready.Sub(again.Began)
	process.Eventually(b, time.Minute, "work goes on", func() bool { return database.Text(b, settled) != "0" })
	works := time.Since(again.Began)
	process.Eventually(b, benchWait, "all are finished", func() bool {
		time.Sleep(50 * time.Millisecond) // so that asking costs the service nothing to speak of
		return database.Text(b, unfinished) == "0"
	})
	done := time.Since(again.Began)
	table.add(costs, fmt.Sprintf("start after a kill, %d unfinished and %d finished jobs", restartUnfinished, restartFinished), short(up),
		fmt.Sprintf("with nothing %s, ratio %.2f", short(alone), up.Seconds()/alone.Seconds()))
	table.add(costs, "until a segment more is settled", short(works), fmt.Sprintf("the start itself %s", short(up)))
	table.add(costs, fmt.Sprintf("until all %d are finished, 5 segments each, the engine taking no time", restartUnfinished), short(done),
		fmt.Sprintf("%.0f jobs a second; memory at most %.0f MB, idle %.0f MB", restartUnfinished/(done-up).Seconds(), megabytes(memory(b, again).peak), megabytes(aloneMemory.now)))
}
