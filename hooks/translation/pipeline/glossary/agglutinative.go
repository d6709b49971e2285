package glossary

import (
	"strings"
	"unicode/utf8"
)

// agglutinative returns the grammar of a language whose words take one ending
// after the other, or that is inflected by ending alone.
func agglutinative(language string) (grammar, bool) {
	switch language {
	case "tr", "az", "tk", "crh", "gag":
		return turkish(), true
	case "uz":
		return uzbek(), true
	case "kk", "ky", "tt", "ba":
		return kazakh(), true
	case "fi", "et", "krl", "vro":
		return finnish(), true
	case "hu":
		return hungarian(), true
	case "lt":
		return lithuanian(), true
	case "lv":
		return latvian(), true
	case "ka":
		return georgian(), true
	case "hy":
		return armenian(), true
	case "bn", "as":
		return bengali(), true
	case "id", "ms", "jv", "su":
		return grammar{paradigms: []paradigm{{takes: "nya ku mu lah kah pun an"}}}, true
	case "eu":
		return grammar{paradigms: []paradigm{{takes: "a ak ek en aren aren ari ri i n an ko go ra rik tik z kin rekin arekin ren e eko", chain: true}}}, true
	}
	return grammar{}, false
}

func turkish() grammar {
	return grammar{
		paradigms: []paradigm{{chain: true, agrees: harmonic, takes: `lar ler ı i u ü sı si su sü ım im um üm m ın in un ün n
			mız miz muz müz ımız imiz umuz ümüz nız niz nuz nüz yı yi yu yü nı ni nu nü a e ya ye na ne
			da de ta te nda nde dan den tan ten ndan nden nın nin nun nün la le yla yle ca ce ça çe
			lı li lu lü sız siz suz süz ki dır dir dur dür tır tir tur tür dı di du dü tı ti tu tü ydı ydi ydu ydü
			mış miş muş müş ymış ymiş sa se ysa yse ken yken yım yim yum yüm yız yiz yuz yüz sın sin sun sün
			lık lik luk lük ğı ği ğu ğü ə lər nə yə də dən ıq iq uq ük`}},
		alter: turkishStems,
	}
}

// turkishStems returns a word as it is before a vowel: kitap is kitab-, çocuk
// çocuğ-, and oğul oğl-.
func turkishStems(word string) []string {
	if runes(word) < 3 {
		return nil
	}
	var stems []string
	for _, soft := range [][2]string{{"nk", "ng"}, {"p", "b"}, {"ç", "c"}, {"t", "d"}, {"k", "ğ"}, {"g", "ğ"}, {"q", "ğ"}} {
		if stem, ok := strings.CutSuffix(word, soft[0]); ok {
			stems = append(stems, stem+soft[1])
		}
	}
	w := []rune(word)
	n := len(w)
	if last := w[n-1]; n <= 4 && !vowel(last) {
		// Some short words double their end: hak, hakkı.
		stems = append(stems, word+string(last))
	}
	stems = append(stems, unpossessed(w)...)
	if strings.ContainsRune("ıiuü", w[n-2]) && !vowel(w[n-1]) && !vowel(w[n-3]) && n >= 4 {
		stems = append(stems, string(w[:n-2])+string(w[n-1:]))
	}
	return stems
}

// unpossessed returns a compound without its ending, to which those of plural
// and possession come: kestane ağacı, kestane ağaçları.
func unpossessed(w []rune) []string {
	n := len(w)
	if n < 5 || !strings.ContainsRune("ıiuü", w[n-1]) {
		return nil
	}
	if w[n-2] == 's' && vowel(w[n-3]) {
		return []string{string(w[:n-2])}
	}
	stem := string(w[:n-1])
	for _, soft := range [][2]string{{"b", "p"}, {"c", "ç"}, {"d", "t"}, {"ğ", "k"}} {
		if bare, ok := strings.CutSuffix(stem, soft[0]); ok {
			return []string{stem, bare + soft[1]}
		}
	}
	return []string{stem}
}

// harmonic reports whether the first vowel of an ending goes with the last of
// a stem of two letters: "evler", not "evlar". Longer stems are often foreign,
// and heed it less: "saatler".
func harmonic(stem, ending string) bool {
	if runes(stem) > 2 {
		return true
	}
	const back, front = "aıou", "eiöü"
	of := strings.IndexAny(stem, back+front)
	first := strings.IndexAny(ending, back+front)
	if of < 0 || first < 0 {
		return true
	}
	isBack := func(s string) bool { r, _ := utf8.DecodeRuneInString(s); return strings.ContainsRune(back, r) }
	return isBack(stem[of:]) == isBack(ending[first:])
}

func vowel(r rune) bool { return strings.ContainsRune("aeıioöuüəäõyáéíóőúű", r) }

func uzbek() grammar {
	return grammar{letter: true, paradigms: []paradigm{{chain: true, takes: "lar ni ning ga ka qa da dan m im ng ing i si miz imiz ngiz ingiz cha dir mi lik li siz dagi"}}, alter: turkishStems}
}

func kazakh() grammar {
	return grammar{paradigms: []paradigm{{chain: true, takes: `лар лер дар дер тар тер лор лөр дор дөр тор төр ның нің дың дің тың тің нын нин дын дин тын тин нун нүн дун дүн тун түн
		ға ге қа ке га ка го гө ко кө на не а е ны ні ды ді ты ті н ни ди ти ну нү ду дү ту тү да де та те до дө то тө нда нде дан ден тан тен нан нен ндан нден
		мен бен пен ы і и у ү сы сі си су сү м ым ім ң ың ің мыз міз лы лі ды дағы дегі ндағы`}}}
}
