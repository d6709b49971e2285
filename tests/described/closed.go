package described

import (
	"fmt"
	"maps"
	"slices"
)

// closeObjects says of every schema of which properties are described that there are
// no others, unless it says itself whether there may be.
func closeObjects(node any, at string) error {
	switch node := node.(type) {
	case map[string]any:
		if _, composed := node["allOf"]; composed {
			return fmt.Errorf("%s: allOf cannot be closed; write the properties out", at)
		}
		if properties, ok := node["properties"].(map[string]any); ok && properties != nil {
			if _, said := node["additionalProperties"]; !said {
				node["additionalProperties"] = false
			}
		}
		for _, key := range slices.Sorted(maps.Keys(node)) {
			if isData(key) {
				continue
			}
			if err := closeObjects(node[key], at+"/"+escape(key)); err != nil {
				return err
			}
		}
	case []any:
		for i, item := range node {
			if err := closeObjects(item, fmt.Sprintf("%s/%d", at, i)); err != nil {
				return err
			}
		}
	}
	return nil
}

// isData reports whether what stands under a key is no schema and holds none.
func isData(key string) bool {
	switch key {
	case "example", "examples", "default", "enum", "const":
		return true
	}
	return false
}
