package standin

import "strings"

// none marks a letter that has no place in a table by letter, a to z.
const none = -1

// hangul writes each consonant with the vowels after it as one syllable, and
// a consonant without a vowel below the syllable before, if there is room.
func hangul(latin string) string {
	const base, vowels, finals = 0xAC00, 21, 28
	// Places in Unicode's rows of initial consonants, vowels and final
	// consonants.
	//                       a     b  c   d  e     f   g  h   i     j   k   l  m  n  o     p   q  r  s  t   u     v  w   x   y     z
	initial := [26]int{none, 7, 14, 3, none, 18, 0, 18, none, 12, 15, 5, 6, 2, none, 17, 1, 5, 9, 16, none, 8, 11, 10, none, 13}
	medial := [26]int{0, 0, 0, 0, 5, 0, 0, 0, 20, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0, 0, 13, 0, 0, 0, 6, 0}
	final := [26]int{0, 17, 24, 7, 0, 17, 1, 27, 0, 22, 24, 8, 16, 4, 0, 26, 1, 8, 19, 25, 0, 17, 21, 20, 0, 22}
	var out []rune
	for i := 0; i < len(latin); {
		lead, vowel := 11, 18 // a silent initial; the vowel that carries a lone consonant
		if letter := latin[i] - 'a'; initial[letter] != none {
			lead = initial[letter]
			i++
			alone := i == len(latin) || !isVowel(latin[i])
			if alone && len(out) > 0 && (out[len(out)-1]-base)%finals == 0 {
				out[len(out)-1] += rune(final[letter])
				continue
			}
		}
		for first := true; i < len(latin) && isVowel(latin[i]); i++ {
			if first {
				vowel, first = medial[latin[i]-'a'], false
			}
		}
		out = append(out, rune(base+(lead*vowels+vowel)*finals))
	}
	return string(out)
}

// commonHan are frequent characters that look the same in simplified and
// traditional Chinese and in Japanese, three bytes each.
const commonHan = "人大小中山川日月火水木金土上下左右前内外西南北春夏秋冬朝夜天地空雨雪花草林森石田村道家室店船牛犬米茶色" +
	"青赤白音文字本手足目耳口心身父母兄弟妹友王女男子先生年半夕今昔古新高低近明太早安正直少多丸角光海湖池岸" +
	"原野谷里市寺公工作社行走止立食思考知答出入休同元合引理化科番交信住何使便例保全共再利加助包去台因好存守" +
	"定居希常度式形快性情成打技抱持支改放政教方施旅族昨星是有服果校格案根植次武毛民永求法波治活流深清温"

// han returns a character for some letters.
func han(letters string) string {
	var number uint64
	for i := range len(letters) {
		number = mix(number, uint64(letters[i]))
	}
	at := number % uint64(len(commonHan)/3) * 3
	return commonHan[at : at+3]
}

// chinese writes a character for each four letters, or five where one would
// be left.
func chinese(latin string) string {
	var out strings.Builder
	for latin != "" {
		n := min(4, len(latin))
		if len(latin) == 5 {
			n = 5
		}
		out.WriteString(han(latin[:n]))
		latin = latin[n:]
	}
	return out.String()
}

// japanese writes the first letters of a longer word as a character, and the
// rest in hiragana.
func japanese(latin string) string {
	var out strings.Builder
	if len(latin) > 3 {
		out.WriteString(han(latin[:3]))
		latin = latin[3:]
	}
	const columns = "aiueo"
	const leads = "kcqgsxzjtdnhfbvpmrlw"
	rows := [...]string{
		"かきくけこ", "かきくけこ", "かきくけこ", "がぎぐげご", "さしすせそ", "さしすせそ", "ざじずぜぞ", "ざじずぜぞ",
		"たちつてと", "だでどぢづ", "なにぬねの", "はひふへほ", "はひふへほ", "ばびぶべぼ", "ばびぶべぼ", "ぱぴぷぺぽ",
		"まみむめも", "らりるれろ", "らりるれろ", "わゆよやを",
	}
	for i := 0; i < len(latin); {
		row := "あいうえお"
		if lead := latin[i]; !isVowel(lead) {
			row = rows[strings.IndexByte(leads, lead)]
			i++
			if lead == 'n' && (i == len(latin) || !isVowel(latin[i])) {
				out.WriteString("ん")
				continue
			}
		}
		column := 2 // a lone consonant sounds like u
		if i < len(latin) && isVowel(latin[i]) {
			column = max(0, strings.IndexByte(columns, latin[i]))
			i++
		}
		out.WriteString(row[column*3 : column*3+3])
	}
	return out.String()
}

// alphabet writes letter by letter.
type alphabet struct {
	// letters stand for a to z.
	letters string
	// signs stand for a, e, i, o, u and y after a consonant, in scripts that
	// write them around it; "" where vowels are letters. A dotted circle is a
	// vowel that is not written.
	signs string
	// spaces says that words stand apart, cased that there are capitals.
	spaces, cased bool
}

// write doubles the last letter of the shortest words: letter by letter, "no"
// and "on" would become real words of Russian, which say what language a text
// is in.
func (a alphabet) write(latin string) string {
	if n := len(latin); n == 1 || n == 2 {
		latin += latin[n-1:]
	}
	letters, signs := []rune(a.letters), []rune(a.signs)
	var out strings.Builder
	for i := range len(latin) {
		vowel := strings.IndexByte("aeiouy", latin[i])
		if vowel >= 0 && len(signs) > 0 && i > 0 && !isVowel(latin[i-1]) {
			if signs[vowel] != '◌' {
				out.WriteRune(signs[vowel])
			}
			continue
		}
		out.WriteRune(letters[latin[i]-'a'])
	}
	return out.String()
}

// Letters that stand for a to z, also when the language is read.
const (
	russianLetters = "абцдефгхийклмнопкрстуввкыз"
	greekLetters   = "αβκδεφγχιζκλμνοπθρστυβωξυζ"
)

// alphabets returns the scripts written letter by letter, by ISO 15924 code.
func alphabets() map[string]alphabet {
	return map[string]alphabet{
		"Grek": {letters: greekLetters, spaces: true, cased: true},
		"Arab": {letters: "ابصدعفغهيجكلمنوپقرستثڤوخيز", spaces: true},
		"Hebr": {letters: "אבצדעפגהיזכלמנוףקרסטאוושיז", spaces: true},
		"Armn": {letters: "աբցդեֆգհիջկլմնոպքրստուվխըզ", spaces: true, cased: true},
		"Geor": {letters: "აბცდეფგჰიჯკლმნოპქრსტუვწხყზ", spaces: true},
		"Ethi": {letters: "አበጸደእፈገሀኢጀከለመነኦፐቀረሰተኡቨወኸየዘ", spaces: true},
		"Deva": {letters: "अबचदएफगहइजकलमनओपखरसतउवयषईझ", signs: "◌ेिोुी", spaces: true},
		"Beng": {letters: "অবচদএফগহইজকলমনওপখরসতউভযষঈঝ", signs: "◌েিোুী", spaces: true},
		"Gujr": {letters: "અબચદએફગહઇજકલમનઓપખરસતઉવયષઈઝ", signs: "◌ેિોુી", spaces: true},
		"Guru": {letters: "ਅਬਚਦਏਫਗਹਇਜਕਲਮਨਓਪਖਰਸਤਉਵਯਛਈਝ", signs: "◌ੇਿੋੁੀ", spaces: true},
		"Taml": {letters: "அபசடஎவகஹஇஜகலமநஒபறரஸதஉவயஷஈழ", signs: "◌ெிொுீ", spaces: true},
		"Telu": {letters: "అబచదఎఫగహఇజకలమనఒపఖరసతఉవయషఈఝ", signs: "◌ెిొుీ", spaces: true},
		"Knda": {letters: "ಅಬಚದಎಫಗಹಇಜಕಲಮನಒಪಖರಸತಉವಯಷಈಝ", signs: "◌ೆಿೊುೀ", spaces: true},
		"Mlym": {letters: "അബചദഎഫഗഹഇജകലമനഒപഖരസതഉവയഷഈഝ", signs: "◌െിൊുീ", spaces: true},
		"Sinh": {letters: "අබචදඑෆගහඉජකලමනඔපඛරසතඋවයෂඊඣ", signs: "◌ෙිොුී", spaces: true},
		"Thai": {letters: "อบจดแฟกหไชคลมนโปขรสตอวยซยฟ", signs: "าะิอุี"},
		"Laoo": {letters: "ອບຈດແຟກຫໄຊຄລມນໂປຂຣສຕອວຍຊຍຟ", signs: "າະິໍຸີ"},
		"Khmr": {letters: "អបចដឯភគហឥជកលមនឱពខរសតឧវយឆឦឈ", signs: "ាេិោុី"},
		"Mymr": {letters: "အဗစဒဧဖဂဟဣဇကလမနဩပခရသတဥဝယဆဤဈ", signs: "ာေိောုီ"},
	}
}

// cyrillicTongue writes Cyrillic with the letters that a language has.
func cyrillicTongue(base string) tongue {
	letters, tail := russianLetters, "ый"
	switch base {
	case "uk":
		letters, tail = "абцдефгхійклмнопкрстуввкиз", "їв"
	case "be":
		letters, tail = "абцдефгхійклмнопкрстуўвкыз", "ыў"
	case "bg":
		letters, tail = "абцдефгхийклмнопкрстуввкъз", "ъл"
	case "sr", "mk":
		letters, tail = "абцдефгхијклмнопкрстуввкиз", "ић"
	case "mn", "kk", "ky", "tg", "tt":
		letters, tail = "абцдефгхийклмнопкрстүвөкыз", "өү"
	}
	return tongue{spaces: true, cased: true, write: alphabet{letters: letters}.write, tail: tail}
}

// latinTongue accents the vowels with accents that a language has, and puts
// one after a word that has no vowel. The accents are chosen so that English
// "in" and "me" do not become Romanian or Albanian.
func latinTongue(base string) tongue {
	accents := map[string]string{
		"fr": "âéïôùŷ", "de": "äéïöüÿ", "es": "áéíóúý", "pt": "ãêíõúý", "it": "àèìòùỳ", "nl": "áéïóüý",
		"pl": "ąęíóúý", "cs": "áěíóůý", "sk": "äéíôúý", "hu": "áéíőűý", "tr": "âéıöüý", "ro": "ăéîóúý",
		"sv": "åéíöüý", "da": "åéíøúý", "nb": "åéíøúý", "fi": "äéíöüý", "vi": "ạệịộụỵ",
	}[base]
	if accents == "" {
		accents = "áéíóúý"
	}
	write := func(latin string) string {
		runes := []rune(accents)
		return strings.Map(func(r rune) rune {
			if i := strings.IndexRune("aeiouy", r); i >= 0 {
				return runes[i]
			}
			return r
		}, latin)
	}
	return tongue{spaces: true, cased: true, write: write, tail: string([]rune(accents)[1])}
}
