//go:build !linux

package postgres

import "syscall"

// endWithParent changes nothing where the kernel has no such service.
func endWithParent(attributes *syscall.SysProcAttr) *syscall.SysProcAttr { return attributes }
