package notices

import (
	"fmt"
	"html/template"
	"strings"
	texttemplate "text/template"
)

// language is how mails and the page behind their link are worded in one language.
// Its templates are given a [letter]; the page's a [pageView].
type language struct {
	subject, text *texttemplate.Template
	html, page    *template.Template
}

// newLanguage reads the templates of a language.
func newLanguage(subject, text, html, page string) (*language, error) {
	l := &language{}
	var err error
	parse := func(name, source string) *texttemplate.Template {
		t, parseErr := texttemplate.New(name).Option("missingkey=error").Parse(source)
		if parseErr != nil && err == nil {
			err = parseErr
		}
		return t
	}
	parseHTML := func(name, source string) *template.Template {
		t, parseErr := template.New(name).Option("missingkey=error").Parse(source)
		if parseErr != nil && err == nil {
			err = parseErr
		}
		return t
	}
	l.subject, l.text = parse("subject", subject), parse("text", text)
	l.html, l.page = parseHTML("html", html), parseHTML("page", page)
	if err != nil {
		return nil, fmt.Errorf("read templates: %w", err)
	}
	return l, nil
}

// write words a letter.
func (l *language) write(letter letter) (subject, text, html string, err error) {
	var s, t, h strings.Builder
	if err := l.subject.Execute(&s, letter); err != nil {
		return "", "", "", err
	}
	if err := l.text.Execute(&t, letter); err != nil {
		return "", "", "", err
	}
	if err := l.html.Execute(&h, letter); err != nil {
		return "", "", "", err
	}
	return s.String(), t.String(), h.String(), nil
}
