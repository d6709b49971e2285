package syntax

import "strings"

// Expansion returns how many bytes the largest entity that a document type
// declaration declares stands for, when those in its value are put in their places.
// Nothing is expanded to find that out. Entities that hold themselves are as large
// as it gets.
func Expansion(doctype string) int {
	values := map[string]string{}
	for _, m := range entityDeclaration.FindAllStringSubmatch(doctype[:min(len(doctype), longestDoctype)], -1) {
		if _, ok := values[m[1]]; !ok {
			values[m[1]] = m[2] + m[3]
		}
	}
	e := expansion{values: values, sizes: map[string]int{}}
	largest := 0
	for name := range values {
		largest = max(largest, e.of(name))
	}
	return largest
}

// endless is the size of an entity that is too large to be counted.
const endless = 1 << 40

// expansion counts what entities stand for, each once.
type expansion struct {
	values map[string]string
	sizes  map[string]int
}

func (e *expansion) of(name string) int {
	if size, ok := e.sizes[name]; ok {
		return size
	}
	value, ok := e.values[name]
	if !ok {
		return len(name)
	}
	e.sizes[name] = endless // while it is being counted, it holds itself
	size := len(value)
	for rest := value; ; {
		_, after, found := strings.Cut(rest, "&")
		if !found {
			break
		}
		inner, behind, closed := strings.Cut(after, ";")
		if closed && !strings.HasPrefix(inner, "#") && !predefined(inner) {
			if size += e.of(inner); size >= endless {
				size = endless
				break
			}
		}
		if rest = behind; !closed {
			break
		}
	}
	e.sizes[name] = size
	return size
}
