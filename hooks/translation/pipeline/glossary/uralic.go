package glossary

import "strings"

func finnish() grammar {
	return grammar{
		paradigms: []paradigm{
			{chain: true, takes: `n t a ä ta tä tta ttä na nä ksi ssa ssä sta stä lla llä lta ltä lle tta ttä i j in
				en den tten ten an än on ön un yn iin aan ään een oon öön uun yyn han hen hin hon hän hön hun hyn seen siin
				ni si nsa nsä mme nne kin kaan kään ko kö pa pä ine s st sse l lt le ks ga ni na ta de d te id sid`},
			{cut: "nen", takes: "sen sta stä set sia siä sessa sessä sesta sestä seen sella sellä selta seltä selle seksi sena senä sten siin sissa sissä sista sistä sille silla sillä ksi seni seni sensa sensä"},
			{cut: "i", takes: "en eä ea essa essä esta estä een ella ellä elta eltä elle et eksi ena enä ien iä ia issa issä ista istä iin illa illä ille"},
			{cut: "s", takes: "ksen sta stä kset ksia ksiä ksessa ksessä ksesta ksestä kseen ksella ksellä kselle kseksi ksena ksenä sten ksien den tta ttä teen dessa dessä desta destä della delle det " +
				"an as aan assa asta alla alle alta aita aat ään ässä ästä ällä älle iin iissa iista iille iin iit"},
			{cut: "a", takes: "oja oissa oista oihin oita oiden oille oilla ien ia issa ista iin illa ille ina"},
			{cut: "ä", takes: "ien iä issä istä iin illä ille inä öitä öissä"},
			{cut: "e", takes: "een eet että eessa eestä eessä eesta eeseen eelle eella eellä eksi eiden eitä eita"},
			{cut: "si", takes: "den teen ttä tta det dessä destä dellä deltä delle dessa desta della delta sien siä sia siin"},
			{cut: "us", takes: "uden utta uteen udessa udesta"}, {cut: "ys", takes: "yden yttä yteen ydessä ydestä"},
			{cut: "in", takes: "imen imessa imessä imet imiä imia inta intä imella imellä imelle imeen imestä imesta"},
		},
		alter:     finnishStems,
		compounds: true,
	}
}

// grades are the consonants of Finnish that are strong in some forms of a word
// and weak in others, the longest first.
func grades() [][2]string {
	return [][2]string{
		{"kk", "k"}, {"pp", "p"}, {"tt", "t"}, {"nk", "ng"}, {"nt", "nn"}, {"mp", "mm"}, {"lt", "ll"}, {"rt", "rr"},
		{"lk", "l"}, {"rk", "r"}, {"hk", "h"}, {"t", "d"}, {"p", "v"}, {"k", ""},
	}
}

// finnishStems returns a word with its last consonants weak, as Turku is Turu-
// and Helsinki Helsingi-, or strong, as kuningas is kuninka-.
func finnishStems(word string) []string {
	body := strings.TrimSuffix(word, "s")
	end := len(body)
	for end > 0 && (strings.IndexByte("aeiouy", body[end-1]) >= 0 || body[end-1] >= 0x80) {
		end--
	}
	if end == len(body) || end < 2 {
		return nil
	}
	head, tail := body[:end], body[end:]
	if body != word || tail == "e" {
		return strengthened(head, tail)
	}
	for _, grade := range grades() {
		if stem, ok := strings.CutSuffix(head, grade[0]); ok {
			stems := []string{stem + grade[1] + tail}
			switch tail {
			case "i":
				stems = append(stems, stem+grade[1]+"e")
			case "a":
				stems = append(stems, stem+grade[1]+"o")
			}
			return stems
		}
	}
	return nil
}

// strengthened returns the stems of a word with its last consonants strong.
func strengthened(head, tail string) []string {
	var stems []string
	for _, grade := range grades() {
		if stem, ok := strings.CutSuffix(head, grade[1]); ok && grade[1] != "" {
			stems = append(stems, stem+grade[0]+tail)
		}
	}
	return stems
}

func hungarian() grammar {
	return grammar{
		paradigms: []paradigm{{chain: true, takes: `t at et ot öt nak nek ban ben ba be ból ből ra re ról ről on en ön n
			hoz hez höz tól től nál nél ig ért ul ül val vel k ak ek ok ök ka ke ja je a e i é jai jei ai ei
			m am em om öm d ad ed od öd nk unk ünk uk ük juk jük s as es os ös i ként vá vé ná`}},
		alter:     hungarianStems,
		compounds: true,
		articles:  "a az egy",
	}
}

// hungarianStems returns a word as it is before endings: alma is almá-, and
// a last consonant is doubled by -val and -vá.
func hungarianStems(word string) []string {
	if stem, ok := strings.CutSuffix(word, "a"); ok {
		return []string{stem + "á"}
	}
	if stem, ok := strings.CutSuffix(word, "e"); ok {
		return []string{stem + "é"}
	}
	w := []rune(word)
	n := len(w)
	if n < 3 || vowel(w[n-1]) {
		return nil
	}
	stems := []string{word + string(w[n-1])}
	if strings.ContainsRune("oeöaé", w[n-2]) {
		short := string(w[:n-2]) + string(w[n-1])
		if w[n-2] == 'é' {
			short = string(w[:n-2]) + "e" + string(w[n-1])
		}
		stems = append(stems, short)
	}
	return stems
}
