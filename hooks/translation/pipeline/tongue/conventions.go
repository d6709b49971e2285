package tongue

import "golang.org/x/text/language"

// Conventions returns what a typesetter of the target language keeps to, and
// which variety of it a tag with a script or a region asks for, as sentences
// for a model's instructions of at most 300 bytes. It returns "" for languages
// that it does not know.
func Conventions(target string) string {
	return lookUp(target, varieties(), typesetting())
}

// Register returns the sentence about forms of address and the narrator's
// voice that holds where the brief says nothing of them; "" for languages that
// have no such choice.
func Register(target string) string {
	return lookUp(target, registers())
}

// rule is what holds for a tag, and for every tag below it that has no rule of
// its own.
type rule struct {
	tag, text string
}

// lookUp joins what each of the tables says of a language.
func lookUp(target string, tables ...[]rule) string {
	var text string
	tags := tagsAbove(target)
	for _, table := range tables {
		if found := first(table, tags); found != "" && text != "" {
			text += " " + found
		} else {
			text += found
		}
	}
	return text
}

// first returns the text of the first tag that has one.
func first(table []rule, tags []string) string {
	for _, tag := range tags {
		for i := range table {
			if table[i].tag == tag {
				return table[i].text
			}
		}
	}
	return ""
}

// tagsAbove returns the tags that a rule for target may stand under, the most
// particular first. A region counts only where the tag names it: "pt" alone
// asks for no country's usage. A script counts always, because a text must be
// in one: "sr" is in Cyrillic letters.
func tagsAbove(target string) []string {
	parsed, err := language.Parse(target)
	if err != nil || parsed == language.Und {
		return nil
	}
	base, _ := parsed.Base()
	script, _ := parsed.Script()
	_, _, region := parsed.Raw()
	name, written := base.String(), base.String()+"-"+script.String()
	if region.String() == "ZZ" {
		return []string{written, name}
	}
	return []string{
		written + "-" + region.String(), name + "-" + region.String(), name + "-" + parent(name, region.String()),
		written, name,
	}
}

// parent returns the region whose usage a region's language follows, as far as
// the tables tell such usages apart. The parents are those of CLDR's
// parentLocales: Spanish of the Americas descends from es-419, English and
// Portuguese outside of America and Brazil from en-001 and pt-PT.
func parent(base, region string) string {
	switch base {
	case "es":
		switch region {
		case "ES", "GQ", "EA", "IC", "PH":
			return region
		}
		return "419"
	case "pt":
		if region != "BR" {
			return "PT"
		}
	case "en":
		switch region {
		case "US", "PH", "PR", "GU", "AS", "VI", "CA", "AU":
			return region
		}
		return "GB"
	case "de":
		if region == "LI" {
			return "CH"
		}
	}
	return region
}
