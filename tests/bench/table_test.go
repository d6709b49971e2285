// Package bench measures a running binary. Nothing here runs with the tests:
//
//	go test ./tests/bench -run '^$' -bench . -benchtime 1x -timeout 30m
//
// It prints one table. Figures that a shared machine blurs stand beside
// something measured in the same run, so that the ratio can be trusted.
package bench

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"text/tabwriter"

	"verso/tests/process"
)

// rows collects what the benchmarks found, for one table at the end.
type rows struct {
	mu    sync.Mutex
	lines []string
}

var table rows

// add adds a row: what was measured, the figure, and what it stands beside.
func (r *rows) add(what, figure, beside string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.lines = append(r.lines, strings.Join([]string{what, figure, beside}, "\t"))
}

func TestMain(m *testing.M) {
	code := process.Main(m)
	if len(table.lines) > 0 {
		out := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
		fmt.Fprintf(out, "\n%s, %d CPUs, %s/%s\n\nmeasured\tfigure\tbeside\n", runtime.Version(), runtime.NumCPU(), runtime.GOOS, runtime.GOARCH)
		for _, line := range table.lines {
			fmt.Fprintln(out, line)
		}
		out.Flush()
	}
	os.Exit(code)
}
