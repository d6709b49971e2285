// Package bench measures a running binary. Nothing here runs with the tests:
//
//	go test ./tests/bench -run '^$' -bench . -benchtime 1x -timeout 30m
//
// It prints one table. Figures that a shared machine blurs stand beside
// something measured in the same run, so that the ratio can be trusted. Nothing
// fails because it took long.
package bench

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"text/tabwriter"

	"verso/tests/process"
)

// group is a part of the table.
type group string

const (
	translating group = "Translating"
	requests    group = "Requests and tokens"
	realtime    group = "Realtime"
	transfers   group = "Uploads and downloads"
	formats     group = "Formats"
	mirroring   group = "Mirror"
	pages       group = "Page"
	costs       group = "Memory and start"
)

// row is a line of the table: what was measured, the figure, and what it stands beside.
type row struct {
	group                group
	what, figure, beside string
}

// rows collects what the benchmarks found, for one table at the end.
type rows struct {
	mu    sync.Mutex
	lines []row
}

var table rows

// add adds a row.
func (r *rows) add(part group, what, figure, beside string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.lines = append(r.lines, row{part, what, figure, beside})
}

// parts returns the rows group by group, in the order in which the groups are declared.
func (r *rows) parts() (parts [][]row) {
	for _, part := range []group{translating, requests, realtime, transfers, formats, mirroring, pages, costs} {
		of := slices.DeleteFunc(slices.Clone(r.lines), func(line row) bool { return line.group != part })
		if len(of) > 0 {
			parts = append(parts, of)
		}
	}
	return parts
}

// print writes the table for a terminal.
func (r *rows) print(w io.Writer, on machine) {
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(out, "\n%s\n", on)
	for _, part := range r.parts() {
		fmt.Fprintf(out, "\n%s\tfigure\tbeside\n", part[0].group)
		for _, line := range part {
			fmt.Fprintf(out, "%s\t%s\t%s\n", line.what, line.figure, line.beside)
		}
	}
	out.Flush()
}

// markdown writes the table as a page of the documentation.
func (r *rows) markdown(w io.Writer, on machine) {
	fmt.Fprintf(w, "# Benchmarks\n\nOne run of\n\n```sh\n%s\n```\n\n%s. ", command(), on)
	fmt.Fprint(w, "Trust the ratios more than the figures: what a figure stands beside was measured in the same run, "+
		"or is the least that arithmetic allows. What each part does is said in [tests/bench](../tests/bench/README.md).\n")
	cell := strings.NewReplacer("|", `\|`, "\n", " ").Replace
	for _, part := range r.parts() {
		fmt.Fprintf(w, "\n## %s\n\n| what | figure | beside |\n|---|---|---|\n", part[0].group)
		for _, line := range part {
			fmt.Fprintf(w, "| %s | %s | %s |\n", cell(line.what), cell(line.figure), cell(line.beside))
		}
	}
}

// command is what was typed for this run.
func command() string {
	command := "go test ./tests/bench -run '^$'"
	for _, name := range []string{"bench", "benchtime", "timeout"} {
		command += fmt.Sprintf(" -%s %s", name, flag.Lookup("test."+name).Value)
	}
	return command
}

// save writes the page into the file that VERSO_BENCH_TABLE names, from the
// repository's root.
func (r *rows) save(on machine) error {
	path := os.Getenv("VERSO_BENCH_TABLE")
	if path == "" {
		return nil
	}
	if !filepath.IsAbs(path) {
		path = filepath.Join("../..", path)
	}
	var page bytes.Buffer
	r.markdown(&page, on)
	return os.WriteFile(path, page.Bytes(), 0o644)
}

func TestMain(m *testing.M) {
	on := machine{before: load()}
	code := process.Main(m)
	if len(table.lines) > 0 {
		on.describe()
		table.print(os.Stdout, on)
		if err := table.save(on); err != nil {
			fmt.Fprintln(os.Stderr, "write the table:", err)
			code = max(code, 1)
		}
	}
	os.Exit(code)
}
