//go:build !race

package clerksync_test

// raceEnabled says whether the race detector is built in.
const raceEnabled = false
