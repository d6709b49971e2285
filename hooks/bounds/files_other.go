//go:build !unix

package bounds

func mostConnections() int { return maxConnections }
