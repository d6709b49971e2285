package bench

import (
	"fmt"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"
)

// measured are the figures of a benchmark by their units.
type measured map[string]float64

// within runs benchmarks of a package below hooks, which see what is not exported, and
// returns their figures by their names: without "Benchmark" and the number of CPUs.
func within(b *testing.B, folder, benchmarks, benchtime string) map[string]measured {
	b.Helper()
	command := exec.CommandContext(b.Context(), "go", "test", "./hooks/"+folder, "-run", "^$", "-bench", benchmarks, "-benchtime", benchtime, "-benchmem")
	command.Dir = "../.."
	out, err := command.CombinedOutput()
	if err != nil {
		b.Fatalf("%v:\n%s", err, out)
	}
	found := map[string]measured{}
	for line := range strings.Lines(string(out)) {
		words := strings.Fields(line)
		if len(words) < 4 || !strings.HasPrefix(words[0], "Benchmark") {
			continue
		}
		name := strings.TrimPrefix(words[0], "Benchmark")
		if at := strings.LastIndexByte(name, '-'); at > 0 {
			name = name[:at]
		}
		figures := measured{}
		for at := 2; at+1 < len(words); at += 2 {
			if figures[words[at+1]], err = strconv.ParseFloat(words[at], 64); err != nil {
				b.Fatalf("%v in: %s", err, line)
			}
		}
		found[name] = figures
	}
	if len(found) == 0 {
		b.Fatalf("%s has no benchmarks %s:\n%s", folder, benchmarks, out)
	}
	return found
}

// took returns a figure of so many nanoseconds as a duration.
func (m measured) took(unit string) time.Duration { return time.Duration(m[unit]) }

// BenchmarkBroadcast says what a change costs that a thousand streams of other people
// do not see, beside the same with PocketBase's own broadcast.
func BenchmarkBroadcast(b *testing.B) {
	found := within(b, "translation", "Broadcast", "100x")
	for _, others := range []int{0, 100, 1000} {
		verso, pocketBase := found[fmt.Sprintf("Broadcast/verso/others=%d", others)], found[fmt.Sprintf("Broadcast/pocketbase/others=%d", others)]
		table.add(realtime, fmt.Sprintf("a change, and %d streams of others", others), short(verso.took("ns/op")),
			fmt.Sprintf("a record's change and PocketBase's own broadcast %s, ratio %.3f; CPU %s, %s", short(pocketBase.took("ns/op")),
				verso["ns/op"]/pocketBase["ns/op"], short(verso.took("cpu-ns/op")), short(pocketBase.took("cpu-ns/op"))))
	}
}

// BenchmarkSettle says what a settled segment costs.
func BenchmarkSettle(b *testing.B) {
	found := within(b, "translation", "Settle", "1000x")
	alone := found["Settle/streams=0"]
	table.add(translating, "settling a segment", short(alone.took("ns/op")),
		fmt.Sprintf("%.0f a second by the one writer; %.0f allocations", 1e9/alone["ns/op"], alone["allocs/op"]))
	for _, streams := range []string{"others=1000", "own=10", "others=1000,own=10"} {
		table.add(realtime, "settling a segment, streams "+streams, short(found["Settle/"+streams].took("ns/op")),
			fmt.Sprintf("%s with none, ratio %.2f", short(alone.took("ns/op")), found["Settle/"+streams]["ns/op"]/alone["ns/op"]))
	}
}

// BenchmarkStreams lets two thousand streams watch two hundred jobs.
func BenchmarkStreams(b *testing.B) {
	found := within(b, "translation", "Streams", "1x")["Streams"]
	micro := func(unit string) string { return short(time.Duration(found[unit]) * time.Microsecond) }
	table.add(realtime, "2,000 streams, 100 of them deaf: settling a segment", "p50 "+micro("settle-p50-µs")+", p99 "+micro("settle-p99-µs"),
		fmt.Sprintf("%.0f of 1,900 streams are left when the deaf ones have been ended", found["clients-left"]))
	table.add(realtime, "a message's way to a stream meanwhile", "p50 "+micro("delivery-p50-µs")+", p99 "+micro("delivery-p99-µs"),
		fmt.Sprintf("%.0f delivered", found["delivered"]))
	table.add(realtime, "goroutines for them", fmt.Sprintf("%.0f", found["goroutines-during"]),
		fmt.Sprintf("%.1f a stream; %.0f are left afterwards", found["goroutines-during"]/2000, found["goroutines-after"]))
}

// BenchmarkStep says what the service does for a segment beside waiting.
func BenchmarkStep(b *testing.B) {
	step := within(b, "translation/pipeline", "^BenchmarkStep$", "200ms")["Step"]
	table.add(translating, "asking for a segment of 15,000 characters and looking at the answer", short(step.took("ns/op")),
		fmt.Sprintf("an engine's time left out; %.0f KB allocated", step["B/op"]/1024))
	lanes := within(b, "translation/lane", "^BenchmarkLane$", "200ms")
	for _, limits := range []string{"configured", "learned", "unlimited"} {
		lane := lanes["Lane/"+limits]
		table.add(translating, "a request through a lane, its limits "+limits, short(lane.took("ns/op")),
			fmt.Sprintf("1 in %.0f of that; %.0f allocations", step["ns/op"]/lane["ns/op"], lane["allocs/op"]))
	}
}

// BenchmarkTokens says what a session token costs that was verified before; what one
// costs the first time is in [BenchmarkAuth].
func BenchmarkTokens(b *testing.B) {
	verify := within(b, "clerkauth", "^BenchmarkVerify$", "200ms")["Verify"]
	memory := within(b, "clerkauth", "^BenchmarkMemory$", "200ms")["Memory"]
	table.add(requests, "who has a session token that was seen before", short(verify.took("ns/op")),
		fmt.Sprintf("the look into the memory alone %s; %.0f bytes a remembered token", short(memory.took("ns/op")), memory["B/token"]))
}
