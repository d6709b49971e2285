package markup

import "strings"

// XHTML is the vocabulary of XHTML and of SVG in XML.
func XHTML() Vocabulary {
	classes := htmlClasses()
	return Vocabulary{
		Classify: func(tag *Tag) Class { return classify(classes, tag) },
		Readable: isReadable,
	}
}

// HTML is the vocabulary of HTML.
func HTML() Vocabulary {
	v := XHTMLPage()
	v.HTML = true
	return v
}

// XHTMLPage is the vocabulary of a page in XHTML that stands by itself and not in a
// book: others find and share it, and it has forms.
func XHTMLPage() Vocabulary {
	v := XHTML()
	v.Readable = func(tag *Tag, attribute string) bool {
		return isReadable(tag, attribute) || isReadableInHTML(tag, attribute)
	}
	return v
}

// htmlClasses returns the elements that are no blocks, by name.
func htmlClasses() map[string]Class {
	classes := map[string]Class{}
	set := func(class Class, names string) {
		for _, name := range strings.Fields(names) {
			classes[name] |= class
		}
	}
	// The phrasing content of HTML (html.spec.whatwg.org), with what older
	// versions had.
	set(Inline, "a abbr acronym b bdi bdo big cite data del dfn em font i ins kbd label mark nobr output "+
		"q rb rbc ruby s samp slot small span strike strong sub sup time tt u var button "+
		"progress meter legend")
	delete(classes, "legend") // a block of a fieldset
	set(Inline|Void, "br wbr img input area embed track source param basefont bgsound keygen")
	set(Void, "hr base col link meta frame")
	set(Inline, "tspan textpath altglyph tref") // of SVG
	set(Island, "code svg math select textarea object video audio canvas iframe noscript template datalist map "+
		"script style rt rtc rp switch picture applet xmp noembed noframes")
	set(Locked, "code script style math rt rtc rp iframe template xmp noembed noframes")
	set(Locked|Preformatted, "pre listing plaintext")
	set(Preformatted, "textarea")
	set(Bare, "title option optgroup textarea svg select head nav")
	set(Bound, "rt rtc rp")
	set(Joined, "b i em strong u s font sub sup small big span")
	set(Mute, "img input area embed svg select textarea object video audio canvas iframe noscript template datalist map "+
		"script style switch picture applet button")
	return classes
}

// classify returns what an element of XHTML is.
func classify(classes map[string]Class, tag *Tag) Class {
	class := classes[tag.Name]
	if tag.Name == "a" && (tag.Parent == "svg" || tag.Parent == "g") {
		class &^= Inline // around shapes
	}
	switch value, ok := tag.Attribute("translate"); {
	case !ok:
	case strings.EqualFold(value, "no"):
		class |= Locked
		if class&Inline != 0 && class&Void == 0 {
			class = class&^Inline | Island
		}
	case value == "" || strings.EqualFold(value, "yes"):
		class |= Unlocked
	}
	if class&Joined != 0 && !mayBeJoined(tag) {
		class &^= Joined
	}
	if isNumbered(tag) {
		class |= Numbered
	}
	return class
}

// mayBeJoined reports whether an element that says how text looks says no more: that
// something refers to it, or that it is one of several such as the lines of a poem.
func mayBeJoined(tag *Tag) bool {
	for _, a := range tag.attributes {
		if isName(a.Name) || a.Name == "class" && tag.Name == "span" {
			return false
		}
	}
	return true
}

// isNumbered reports whether an element holds page numbers: those of the printed
// book, in the text (EPUB Structural Semantics, DPUB-ARIA) or in a list of them.
func isNumbered(tag *Tag) bool {
	for _, name := range []string{"epub:type", "role"} {
		value, _ := tag.Attribute(name)
		for _, word := range strings.Fields(value) {
			switch word {
			case "pagebreak", "page-list", "doc-pagebreak", "doc-pagelist":
				return true
			}
		}
	}
	return false
}

// isReadable reports whether an attribute is shown or read out.
func isReadable(tag *Tag, attribute string) bool {
	switch attribute {
	case "alt", "aria-label", "aria-description", "placeholder", "standby":
		return true
	case "title":
		// There it names a style sheet to choose, which others refer to.
		return tag.Name != "link" && tag.Name != "style"
	case "summary":
		return tag.Name == "table"
	case "abbr":
		return tag.Name == "th" || tag.Name == "td"
	case "label":
		return tag.Name == "option" || tag.Name == "optgroup" || tag.Name == "track"
	}
	return false
}

// isReadableInHTML reports whether an attribute of a page is shown, by a browser or
// by those who find and share the page.
func isReadableInHTML(tag *Tag, attribute string) bool {
	switch {
	case attribute == "value" && tag.Name == "input":
		kind, _ := tag.Attribute("type")
		switch strings.ToLower(kind) {
		case "button", "submit", "reset":
			return true
		}
	case attribute == "content" && tag.Name == "meta":
		name, _ := tag.Attribute("name")
		property, _ := tag.Attribute("property")
		switch strings.ToLower(name + property) {
		case "description", "keywords", "og:title", "og:description", "og:image:alt", "twitter:title", "twitter:description", "twitter:image:alt":
			return true
		}
	case attribute == "aria-roledescription" || attribute == "aria-valuetext" || attribute == "aria-placeholder":
		return true
	}
	return false
}
