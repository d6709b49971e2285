package tests

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"unicode"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"
)

// page is a file of the documentation, as GitHub reads it.
type page struct {
	links   []string        // of links and pictures, as they are written
	anchors map[string]bool // of headings, and the ids of HTML
}

// readPage parses Markdown.
func readPage(source []byte) page {
	p := page{anchors: map[string]bool{}}
	root := goldmark.New(goldmark.WithExtensions(extension.GFM)).Parser().Parse(text.NewReader(source))
	_ = ast.Walk(root, func(node ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch node := node.(type) {
		case *ast.Heading:
			p.addAnchor(anchorOf(textOf(node, source)))
		case *ast.Link:
			p.links = append(p.links, string(node.Destination))
		case *ast.Image:
			p.links = append(p.links, string(node.Destination))
		case *ast.RawHTML:
			p.addHTML(string(node.Segments.Value(source)))
		case *ast.HTMLBlock:
			p.addHTML(string(node.Lines().Value(source)))
		}
		return ast.WalkContinue, nil
	})
	return p
}

// addAnchor adds a heading's. The second of the same name gets -1, and so on.
func (p page) addAnchor(anchor string) {
	unique := anchor
	for n := 1; p.anchors[unique]; n++ {
		unique = fmt.Sprintf("%s-%d", anchor, n)
	}
	p.anchors[unique] = true
}

// addHTML adds the links and ids of a piece of HTML.
func (p *page) addHTML(html string) {
	for _, found := range regexp.MustCompile(`\b(href|src|id|name)="([^"]*)"`).FindAllStringSubmatch(html, -1) {
		if name, value := found[1], found[2]; name == "href" || name == "src" {
			p.links = append(p.links, value)
		} else {
			p.anchors[value] = true
		}
	}
}

// anchorOf makes a heading's anchor as GitHub does: in lower case, spaces become
// hyphens, and what is no letter, digit, hyphen or underscore goes.
func anchorOf(heading string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case r == '-' || r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r):
			return unicode.ToLower(r)
		}
		return -1
	}, strings.TrimSpace(heading))
}

// textOf returns the words of a heading, those of links and code among them.
func textOf(node ast.Node, source []byte) string {
	var words strings.Builder
	_ = ast.Walk(node, func(node ast.Node, entering bool) (ast.WalkStatus, error) {
		if leaf, ok := node.(*ast.Text); ok && entering {
			words.Write(leaf.Value(source))
		}
		return ast.WalkContinue, nil
	})
	return words.String()
}

// brokenLinks returns what is wrong with a page's links into the repository. Those
// into the world are not followed.
func brokenLinks(path string, source []byte) (wrong []string) {
	here := readPage(source)
	for _, link := range here.links {
		target, err := url.Parse(link)
		switch {
		case err != nil:
			wrong = append(wrong, fmt.Sprintf("%s: no address: %s", path, link))
		case target.Scheme != "" || target.Host != "":
		case !leads(here, path, target):
			wrong = append(wrong, fmt.Sprintf("%s: leads nowhere: %s", path, link))
		}
	}
	return wrong
}

// leads reports whether a relative link of a page has a file at its end, and in it
// the anchor that it names.
func leads(here page, path string, target *url.URL) bool {
	there := here
	if target.Path != "" {
		file := filepath.Join(filepath.Dir(path), filepath.FromSlash(target.Path))
		if _, err := os.Stat(file); err != nil || filepath.IsAbs(target.Path) {
			return false
		}
		if filepath.Ext(file) != ".md" {
			return true
		}
		source, err := os.ReadFile(file)
		if err != nil {
			return false
		}
		there = readPage(source)
	}
	return target.Fragment == "" || there.anchors[target.Fragment]
}
