package bench

import (
	"bufio"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"verso/tests/process"
)

// usage is a process's resident memory in bytes: now, and at most so far.
type usage struct{ now, peak int64 }

// memory reads what the kernel counts for a server.
func memory(b *testing.B, server *process.Server) usage {
	b.Helper()
	file, err := os.Open(fmt.Sprintf("/proc/%d/status", server.Pid()))
	if err != nil {
		b.Fatal(err)
	}
	defer file.Close()
	var found usage
	for lines := bufio.NewScanner(file); lines.Scan(); {
		name, value, _ := strings.Cut(lines.Text(), ":")
		kilobytes, _ := strconv.ParseInt(strings.Fields(value + " 0")[0], 10, 64)
		switch name {
		case "VmRSS":
			found.now = kilobytes << 10
		case "VmHWM":
			found.peak = kilobytes << 10
		}
	}
	if found.now == 0 {
		b.Fatal("the kernel does not tell the process's memory")
	}
	return found
}
