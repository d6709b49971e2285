//go:build !race

package translation

// raceEnabled says whether the race detector is built in.
const raceEnabled = false
