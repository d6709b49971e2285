package postgres

import "syscall"

// endWithParent lets the kernel kill a process when its parent dies, so that a test
// that is killed leaves no server behind.
func endWithParent(attributes *syscall.SysProcAttr) *syscall.SysProcAttr {
	attributes.Pdeathsig = syscall.SIGKILL
	return attributes
}
