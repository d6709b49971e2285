package main

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestFormatsAreDescribed holds the README's table of formats to the extensions of
// the formats that there are, both ways.
func TestFormatsAreDescribed(t *testing.T) {
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(text), "### Formats\n")
	section, _, _ = strings.Cut(section, "\n\n`encoding`")
	var described, there []string
	for _, row := range regexp.MustCompile(`(?m)^\|[^|]+\|([^|]+)\|`).FindAllStringSubmatch(section, -1) {
		for _, extension := range regexp.MustCompile("`(\\.[a-z]+)`").FindAllStringSubmatch(row[1], -1) {
			described = append(described, extension[1])
		}
	}
	for _, format := range formats() {
		there = append(there, format.Extensions()...)
	}
	slices.Sort(described)
	slices.Sort(there)
	if !slices.Equal(described, there) {
		t.Errorf("the table of formats in README.md has the extensions\n%v, and the formats have\n%v", described, there)
	}
}
