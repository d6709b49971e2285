//go:build unix

package bounds

import "syscall"

// mostConnections leaves a quarter of the files that the process may open to the
// database and to documents: without them nothing works for anybody.
func mostConnections() int {
	var files syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &files); err != nil {
		return maxConnections
	}
	return int(min(uint64(files.Cur)/4*3, maxConnections))
}
