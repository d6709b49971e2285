package md

import (
	"encoding/json"
	"io"
	"regexp"
	"strings"
)

// yamlStart is how the first line of YAML front matter looks that is neither
// blank nor a comment: a key, a list item or a flow mapping. Without it, a "---"
// at the top of a file is a thematic break.
var yamlStart = regexp.MustCompile(`^(?:["']?[\w@$./ -]+["']?\s*:(?:\s|$)|-\s|\{|\[)`)

// frontMatter returns the length of the metadata at the beginning of a text: of
// YAML between "---" lines, TOML between "+++" lines, or a JSON object.
func frontMatter(text string) int {
	switch {
	case strings.HasPrefix(text, "---"):
		body, length := fenced(text, "---", "...")
		if length > 0 && looksYAML(body) {
			return length
		}
	case strings.HasPrefix(text, "+++"):
		_, length := fenced(text, "+++", "+++")
		return length
	case strings.HasPrefix(text, "{"):
		return jsonObject(text)
	}
	return 0
}

// fenced returns what stands between a first line that is a fence and the next
// line that is one or the other of two, and the length of all of it; 0 where
// there is no such line.
func fenced(text, fence, other string) (body string, length int) {
	first, rest, _ := strings.Cut(text, "\n")
	if strings.TrimRight(first, " \t") != fence {
		return "", 0
	}
	start := len(text) - len(rest)
	for at := start; at < len(text); {
		line, _, _ := strings.Cut(text[at:], "\n")
		next := min(at+len(line)+1, len(text))
		if trimmed := strings.TrimRight(line, " \t"); trimmed == fence || trimmed == other {
			return text[start:at], next
		}
		at = next
	}
	return "", 0
}

func looksYAML(body string) bool {
	for line := range strings.SplitSeq(body, "\n") {
		if trimmed := strings.TrimSpace(line); trimmed != "" && !strings.HasPrefix(trimmed, "#") {
			return yamlStart.MatchString(trimmed)
		}
	}
	return true
}

// jsonObject returns the length of a JSON object that is followed by the end of
// its line. Shortcodes begin with a brace too, but are no JSON.
func jsonObject(text string) int {
	decoder := json.NewDecoder(strings.NewReader(text))
	depth := 0
	for {
		token, err := decoder.Token()
		if err != nil || err == io.EOF {
			return 0
		}
		if delim, ok := token.(json.Delim); ok {
			if delim == '{' || delim == '[' {
				depth++
			} else {
				depth--
			}
		}
		if depth == 0 {
			break
		}
	}
	end := int(decoder.InputOffset())
	line, _, _ := strings.Cut(text[end:], "\n")
	if strings.TrimSpace(line) != "" {
		return 0
	}
	return min(end+len(line)+1, len(text))
}
