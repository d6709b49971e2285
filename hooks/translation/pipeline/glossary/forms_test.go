package glossary_test

import (
	"strings"
	"testing"

	"verso/hooks/translation/pipeline/glossary"
)

// TestForms holds which words of a translation count as forms of a term, and,
// behind "!", which do not.
func TestForms(t *testing.T) {
	for _, test := range []struct{ language, word, forms string }{
		{"ru", "Павел", "Павла Павлу Павлом Павле !Павлин !Полом !Павильон"},
		{"ru", "Лев", "Льва Львом Льву !Левин"},
		{"ru", "Мария", "Марии Марию Марией !Маркиза !Марина"},
		{"ru", "Наташа", "Наташи Наташей Наташу !Настя !Ната"},
		{"ru", "Раскольников", "Раскольникова Раскольниковым Раскольникову !Раскол !Разумихин"},
		{"ru", "Болконский", "Болконского Болконскому Болконским Болконская !Волконский !Болкон"},
		{"ru", "дверь", "двери дверью дверей !зверь !двор"},
		{"ru", "письмо", "письма письмом писем письмам !писарь !письменность-то"},
		{"ru", "отец", "отца отцу отцом отцы !отчество !отель"},
		{"ru", "белые киты", "белого_кита белым_китам !белый_кашалот !киты_серые"},
		{"ru", "Соединённые Штаты", "Соединенных_Штатов Соединённым_Штатам !Объединённые_Штаты"},
		{"uk", "Київ", "Києва Києвом Києву !Харків"},
		{"uk", "Ольга", "Ольги Ользі Ольгу Ольгою !Олена"},
		{"uk", "Лук'ян", "Лук’яна Лук'яном !Лука"},
		{"bg", "град", "градът града градове градовете"},
		{"pl", "Warszawa", "Warszawy Warszawie Warszawę !Wars"},
		{"pl", "Piotr", "Piotra Piotrowi Piotrem Piotrze !Paweł"},
		{"pl", "Praga", "Pragi Pradze Pragę Pragą !prawda"},
		{"pl", "król", "króla królowi królem królowie"},
		{"cs", "Praha", "Prahy Praze Prahu Prahou !práh"},
		{"cs", "Karel", "Karla Karlem Karlovi !Karolína"},
		{"hr", "Zagreb", "Zagreba Zagrebu Zagrebom !Zadar"},
		{"sr", "Београд", "Београда Београду Београдом !Нови"},
		{"de", "Wolf", "Wölfe Wolfs Wölfen Wolfes !Wolle !Welpe"},
		{"de", "Mutter", "Mütter Müttern !Mut !Muster"},
		{"de", "Herz", "Herzens Herzen !Herbst !Hirsch"},
		{"de", "Heiliger Stuhl", "Heiligen_Stuhl Heiligen_Stuhls !Heilige_Schrift"},
		{"de", "verfluchen", "verfluchte verflucht !fluchen !versuchen"},
		{"de", "Drachen", "Drachens Drachentöter !Dach"},
		{"nl", "schip", "schippen schips !schaap"},
		{"nl", "kaap", "kapen kaaps !kamp"},
		{"sv", "drake", "draken drakar drakens drakarna !drink"},
		{"da", "konge", "kongen konger kongens !kone"},
		{"fr", "cheval", "chevaux !cheveux !chat"},
		{"fr", "blanc", "blanche blancs blanches !banc"},
		{"fr", "Égypte", "Egypte d’Égypte !Europe"},
		{"fr", "sorcier", "sorcière sorciers sorcières !sourcil"},
		{"es", "luz", "luces !lucha !lis"},
		{"es", "capitán", "capitanes capitana !capital"},
		{"pt", "canção", "canções !cansado"},
		{"pt", "animal", "animais !anil"},
		{"it", "amico", "amici amica amiche !amore"},
		{"it", "strega", "streghe !strano"},
		{"ro", "rege", "regele regelui regi !regină"},
		{"la", "Caesar", "Caesaris Caesarem Caesare !Cicero"},
		{"la", "rex", "regis regem rege !res"},
		{"tr", "kitap", "kitabı kitaplar kitabın kitaplarından !kitle !katip"},
		{"tr", "çocuk", "çocuğun çocuklar çocukların !çorap !çocu"},
		{"tr", "oğul", "oğlu oğlunun oğullar !oğlak !oda"},
		{"tr", "İstanbul", "İstanbul'da İstanbul’un İSTANBUL'A !Ispanya !İzmir"},
		{"tr", "Ali", "Ali'nin Ali’ye !Veli"},
		{"tr", "ev", "evler evimiz eve evlerinden !evlat !Evren"},
		{"az", "kitab", "kitabı kitablar !kətan"},
		{"kk", "қала", "қаланың қалада қалалар !қара"},
		{"fi", "Turku", "Turun Turussa Turkuun Turusta !turkki !turska"},
		{"fi", "nainen", "naisen naiset naisille naista !naula"},
		{"fi", "Suomi", "Suomen Suomessa Suomea !Ruotsi !suo"},
		{"fi", "vesi", "veden vedessä vettä !vene !vasara"},
		{"fi", "hammas", "hampaan hampaita hampaat !hame"},
		{"et", "linn", "linna linnas linnast !lind"},
		{"hu", "Budapest", "Budapesten Budapestről Budapesttel !Bécs"},
		{"hu", "alma", "almát almával almák !alom"},
		{"hu", "Anna", "Annának Annával Annát !Mária"},
		{"hu", "kéz", "kezet kezek kezében !kép"},
		{"lt", "Vilnius", "Vilniaus Vilniuje Vilnių !Kaunas"},
		{"lv", "Rīga", "Rīgas Rīgā Rīgai !Roma"},
		{"el", "Αθήνα", "Αθήνας Αθήναν !Θήβα"},
		{"el", "άνθρωπος", "ανθρώπου άνθρωποι ανθρώπους !άνεμος"},
		{"hy", "Երևան", "Երևանում Երևանի Երևանից !Գյումրի"},
		{"ka", "თბილისი", "თბილისში თბილისის თბილისიდან !ქუთაისი"},
		{"ar", "القاهرة", "بالقاهرة والقاهرة للقاهرة القاهرةَ !القاهر !الإسكندرية"},
		{"ar", "مدينة", "المدينة مدينتهم مدينته والمدينة"},
		{"ar", "معلم", "المعلمون معلمهم للمعلم !عالم"},
		{"ar", "كتاب", "كتب الكتب كتبهم وكتبه !كلب !قلم"},
		{"fa", "کتاب", "كتاب کتابZWNJها کتابهای !کباب"},
		{"he", "ירושלים", "בירושלים לירושלים ומירושלים !חיפה"},
		{"he", "מלך", "המלך מלכים למלך מלכי !מלח"},
		{"hi", "लड़का", "लड़के लड़कों !लकड़ी"},
		{"hi", "नदी", "नदियां नदियों नदियाँ !नंदी"},
		{"bn", "ঢাকা", "ঢাকার ঢাকায় ঢাকাতে !টাকা"},
		{"ko", "고래", "고래가 고래를 고래에게서는 고래였다 고래들이 !고릴라 !노래"},
		{"ko", "이스마엘", "이스마엘이라고 이스마엘은 이스마엘입니다 !이스라엘"},
		{"ko", "저주하다", "저주했다 저주하는 저주를 !저장하다"},
		{"ja", "エイハブ", "エイハブは エイハブさん エイハブ船長 !エイプリル"},
		{"ja", "呪う", "呪った 呪われた 呪い !祝う"},
		{"zh", "亚哈", "亚哈的 老亚哈 !亚洲"},
		{"th", "กรุงเทพ", "กรุงเทพมหานคร ในกรุงเทพ !กรุงโรม"},
		{"vi", "Hà Nội", "Hà_Nội Hà_Nội. !Hải_Phòng"},
		{"id", "rumah", "rumahnya rumah !rumit"},
		{"en", "wolf", "wolves wolf wolf's !woof"},
		{"en", "city", "cities city's !cite"},
	} {
		g := glossary.New(glossary.Pair{Source: "en", Target: test.language}, []glossary.Term{{Term: "xylo", Translation: test.word}})
		for form := range strings.FieldsSeq(test.forms) {
			want := strings.HasPrefix(form, "!")
			form = strings.NewReplacer("!", "", "_", " ", "ZWNJ", "\u200c").Replace(form)
			if got := len(g.Broken("of xylo", "( "+form+" ).")) > 0; got != want {
				t.Errorf("%s: %q for %q: broken %v", test.language, form, test.word, got)
			}
		}
	}
}
