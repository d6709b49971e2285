package bench

import (
	"cmp"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
)

// machine is what the figures were measured on. Nothing in it names a host.
type machine struct {
	processor, memory, kernel string
	race                      string
	before, after             string // load
}

// describe looks at the machine when all is measured. What the system does not tell
// stays unsaid.
func (m *machine) describe() {
	m.processor = cmp.Or(strings.TrimSpace(field("/proc/cpuinfo", "model name")), "unknown processor")
	var kilobytes int64
	if _, err := fmt.Sscan(field("/proc/meminfo", "MemTotal"), &kilobytes); err == nil {
		m.memory = fmt.Sprintf("%.0f GB of memory, ", float64(kilobytes<<10)/1e9)
	}
	kernel, _ := os.ReadFile("/proc/sys/kernel/osrelease")
	m.kernel = strings.TrimSpace(string(kernel))
	m.race = "without the race detector"
	if info, ok := debug.ReadBuildInfo(); os.Getenv("VERSO_TEST_RACE") == "1" || ok && withRace(info) {
		m.race = "with the race detector"
	}
	m.after = load()
}

func (m machine) String() string {
	text := fmt.Sprintf("%d × %s, %s%s %s/%s, %s, %s", runtime.NumCPU(), m.processor, m.memory,
		runtime.GOOS, m.kernel, runtime.GOARCH, runtime.Version(), m.race)
	if m.before != "" {
		text += fmt.Sprintf("; load %s at the start, %s at the end", m.before, m.after)
	}
	return text
}

func withRace(info *debug.BuildInfo) bool {
	for _, setting := range info.Settings {
		if setting.Key == "-race" {
			return setting.Value == "true"
		}
	}
	return false
}

// load returns how many processes wanted to run, in the last minute and the last five.
func load() string {
	text, _ := os.ReadFile("/proc/loadavg")
	if averages := strings.Fields(string(text)); len(averages) > 1 {
		return averages[0] + " (of five minutes " + averages[1] + ")"
	}
	return ""
}

// field returns the first value of that name in a file of lines "name: value".
func field(path, name string) string {
	text, _ := os.ReadFile(path)
	for line := range strings.Lines(string(text)) {
		if key, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(key) == name {
			return value
		}
	}
	return ""
}
