package standin

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// ParseFaults reads rules such as "missing=0.05,unavailable=0.02": faults with
// the chance that a request meets them. The empty string is none.
func ParseFaults(spec string) ([]Rule, error) {
	var rules []Rule
	for part := range strings.SplitSeq(spec, ",") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		name, value, _ := strings.Cut(part, "=")
		if !slices.Contains(Faults(), Fault(name)) {
			return nil, fmt.Errorf("there is no fault %q; known are %v", name, Faults())
		}
		chance, err := strconv.ParseFloat(value, 64)
		if err != nil || !(chance > 0 && chance <= 1) {
			return nil, fmt.Errorf("the fault %s takes a chance above 0 and up to 1, such as %s=0.1", name, name)
		}
		rules = append(rules, Rule{Fault: Fault(name), Chance: chance})
	}
	return rules, nil
}
