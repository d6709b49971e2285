package verify

// The words are the hundred most frequent ones of each language in news text,
// lower-case, of those that stand in at least eight of 62 documents. A word stands
// under every language in which it is more than a twenty-fifth as frequent as
// where it is most frequent, so that it speaks for none of them against another.
// Counted on half of the documents of NTREX-128 (1,997 sentences of news in 128
// languages, translated by people). Single letters are left out: they are
// initials and list marks as well.

// latinWords returns the frequent words of the languages written in Latin letters.
func latinWords() []vocabulary {
	return []vocabulary{
		{"en", `the to of in and that on he for is said with it was his at as have has be from by but an we are not
would they had will this who after been people their more out its year were than her which no one up
my you about if can or told there she first what also when made us into new last country two our all
back time years against over now them day me so before because like some world between through such
says many could way then being while week three end re do see go any come most game may man part
need don`},
		{"fr", `de la le et les des un en que du une il est dans qui pour qu au ont sur pas plus se ce son été par
nous ne mais je aux déclaré avec était après fait elle ses sont ils si leur avait être ans cette
pays lors tout avoir lui comme contre entre personnes deux ou depuis ai président avant dit
également mois faire vous autres fin samedi bien affirmé politique dont millions même dernier
premier ajouté ces indiqué leurs équipe sans tant femme alors semaine année afin eu non ma ci moi
hui part`},
		{"de", `der die und in zu von dass das er den mit eine auf für dem im als des ist sie ein sich nicht an es
ich sagte am bei nach einer einen über um wir wurde vor haben war einem aus werden hat wie wird sind
sein seine aber so jedoch zum habe gegen sei durch oder mehr wurden zur ihre wenn erklärte diese
noch würde können auch zwischen seinen hatte während seit nur was bis eines alle uns keine letzten
laut spielen ihren ihr andere ob sehr unter nachdem mich vom kann denen dieses dann viele wäre
seiner waren man worden nun`},
		{"es", `de la que en el los un se del una las con para su no por al es más ha dijo como lo sus pero después
años si personas sin han fue cuando sobre este partido había le entre está año era millones país dos
según contra me antes también nos durante mi desde pasado embargo todo esta comentó sábado hasta vez
semana gran estaba solo sido presidente parte muy momento puede donde viernes ante política acuerdo
primera mientras tres qué ahora aún tiene cada nueva algunos afirmó así favor gobierno primer
declaró día caso ser equipo son bien uno esa forma fin todos`},
		{"pt", `de que do em da um para no os uma na com se não as dos ele por mais disse ao foi seu mas afirmou
como sua das eu anos sobre pessoas nos após segundo depois está pelo quando referiu isso também seus
entre contra pela até tem ano país ser presidente aos ainda ela ou numa milhões acordo estava me ter
feira tinha enquanto eles vez nas muito num era foram todos há estão são sábado primeiro sem durante
semana este às equipa política já governo sido forma antes dois nome parte nova mulher dia esta
desde declarou só dar momento caso havia nem todo`},
		{"it", `di che il ha la un per in del una della non le con si al da nel sono dell alla hanno ma stato più
dei come delle dopo affermato gli all suo essere lo dichiarato persone alle era anni nella degli se
fatto loro questo su sua detto quando cui stati ai ad prima due tra dal anno secondo primo stata
sulla mentre perché senza durante paese modo anche fine dalla sia contro parte uno milioni ho
politica aveva mi presidente sabato sul ancora solo accordo aver state venerdì dall nell governo
suoi sta tre nei ci fa momento caso mai vita`},
		{"nl", `de van het een in en dat zijn te op voor hij is die met om aan niet zei ik ze als was maar door
heeft zou naar over er we bij hebben uit of hun zich ook wordt jaar meer worden mensen dan dit werd
had tegen toen deze haar zal tot mijn al kunnen geen wat tijdens land nog nu moeten volgens twee
omdat andere eerste vertelde nadat onze zegt toe president ons zo miljoen tussen hem zij me willen
maken waar terwijl vrouw waren veel onder zaterdag zoals nieuwe heb kan wedstrijd gaan werden wil
drie steeds ben volgende week man moet alle ter net hele hoe lang doen`},
		{"sv", `att och en som för på av det han till är med har de om den ett inte jag men från sa var sig skulle
vi hade efter när sin kommer kan mot under hon sade hans ha år säger så vid än enligt andra ska vara
sina sedan nu första över här sitt upp eller tidigare man mer genom vill mig in dem två personer
många få mellan bara också även miljoner människor måste där alla vilket ut utan fick vad du
president göra gå tre varit inför tillbaka honom bli då oss försök deras senaste kom blev landet
blir del ser tar`},
		{"da", `at og en er af for til på det der med han som de den har et ikke sagde fra om var jeg men efter blev
vi vil deres ved ville kan sig havde hans sin år have være så mod mere hun hvor over skal hvis op
eller siger end ud under sidste kunne første også mig to dem vores før bliver flere meget fortalte
amerikanske været andre siden uden alle millioner mange mellem nu tidligere blevet få blive fordi
skulle ham ifølge fik denne noget selv tilbage tre præsident lørdag mennesker hele du man navn
forhold kom se mens os kun landet her kommer bare disse gå når ser land`},
		{"nb", `og en som for på til at av det er han har med de et den ikke om sa var jeg fra vil ble etter men vi
seg ved hadde kan mot år ha sier hun skal sin mer enn få ut være også hans andre siden så noen eller
dette før noe over under opp nå første bli denne bare to alle flere mange kom du fortalte ville hvis
ifølge meg dem må blir deres tidligere fordi mellom millioner landet blitt vært lørdag hele inn fikk
hvor mennesker mens gi tre oss sine når uten kunne ham selv skulle siste president se sitt gå
amerikanske tilbake ett kommer én disse her beste land si like ga`},
		{"nn", `og på som til for at av er det ein han dei har med den sa om ikkje ei var eit eg frå men seg etter
vil sin kan hadde mot blei ho vi då skal meir hans ha år enn seier ville ut så andre få eller vere
no ved denne si bli noko alle sitt opp kjem to meg blir berre du før me første mange dette mellom
fleire vore siste kva over sine under kunne kom sidan fortalde amerikanske landet blitt framleis inn
tilbake når talet millionar menneske sjå sjølv vart tre må gå oss mens utan fram også fordi ser
hennar skulle gi president her mi`},
		{"fi", `ja on että hän ei oli joka kun mutta sanoi se ovat mukaan ole jälkeen hänen sanoo kanssa myös sen
vuonna kuin vuoden kuitenkin tai koska jotka jonka vain he tämä kertoo ennen olisi viime tämän yli
siitä vastaan jossa jos kertoi voi presidentti lauantaina nyt ollut olevan heidän kuten aikana
vaikka lisäsi mitä vuotta sitten häntä jo tällä sekä niin hyvin yksi sai vuotias kyseessä niitä
kolme olla perjantaina mikä aiemmin tulee kuinka jota tässä perusteella olen maan sunnuntaina
myöhemmin kaksi totesi ettei samalla hänet koko enää kaikki olemme tilanne olevansa emme sitä
viikolla tänä monet eivät hänelle`},
		{"hu", `az hogy és egy nem is szerint el azt mondta volt meg több ki mint azonban ha már majd csak amely
amerikai amikor ez úgy van kell olyan vagy ország még miután aki arra miatt így fel két be egyik
első éves pedig előtt során akik után volna között azzal akkor nyilatkozta le való ilyen nagyon mert
által most új szombaton ellen minden nő elleni nagy lesz annak három ami száma ben én csapat
elmondta nemzetközi jelentette sikerült mivel fog amelyet lenne ezt következő óta tette számára más
arról elnök részt korábban amelyek kormány történt ne es`},
		{"pl", `na się że do nie powiedział jest to po jak przez od roku tym za jego osób które dla co który przed
ale ma czy tego pracy aby gdy podczas jednak ze pod która będzie są ziemi jej on ponad lat jako
również tak był ich kraju celu już ponieważ sobotę bardzo powiedziała by być może ten oraz tylko bez
nad prezydent ludzi mówi go sprawie wieku sobie lub swoje między takich teraz innych swojego wielu
jeszcze sposób którzy nadzieję twierdzi niż liczba nadal była osoby stwierdził także swoją miejsce
swojej obecnie gdzie było ponownie one ani`},
		{"cs", `že se na je ve to pro ale do by za řekl si aby jako když byl jeho co který které po která před než
jsem od bylo bude jsou kteří říká podle lidí protože uvedl ze má roce více své byla jak nebo být
také poté jsme proti už není strany při mezi ho první tom jejich let další roku svou stále kdy kvůli
pokud země ke tím sobotu budou kde pak zprávy bez prohlásil vlády svůj což toho teď byly uvedla zda
až znovu měl pátek tak ještě všechny tři dodal však tento ne prezident den pod rok ani ji`},
		{"sk", `na sa že je ako povedal to pre by aby do za ale po keď si jeho ktorý som vo čo od roku ktoré bol
pred ktorá ľudí viac nie bolo bude aj sme už však ktorí tom pretože proti sú medzi alebo ho má
uviedol ich jej či bola potom povedala počas tento len so pri ak boli bez rokov hovorí byť zo tak
sobotu svoje tím toho až svoju oblasti svoj piatok správy dodal teraz veľmi krajiny spoločnosti ešte
rok dolárov nedeľu pričom ju uviedla budú voči mu mal mi stále prezident zatiaľ týždeň pod ani tri
vlády tu kde`},
		{"sl", `je in da na za se ki so bi kot bo po ne to dejal pa ko ga ni lahko iz pri od več ali do leta pred
bil povedal še tudi zaradi med sem vendar ljudi tem naj ob si jo bodo če proti kar bila tako bilo
jih glede saj smo zdaj brez že svoje tega nato sta le ima ker nekaj vedno dejala predsednik soboto
države vse bili zelo pravi dodal veliko mi let svojega znova svojo leto teden prvi ter vlade mesto
vključno prav bolj število petek kako odločitev me biti pod povedala primer`},
		{"sh", `je da na se za su od koji sa rekao što će bi to iz kako ali ne nakon godine nije kao koje koja bio
više do ljudi kada zbog sam li biti dok bilo kaže svoje on još protiv samo izjavio jer smo ili sve
tijekom prije pre po prema ako rekla ove godina dana tokom subotu miliona bila nego bez sada dodao
tako mi bude ima također tim svoj ga toga petak nekoliko broj između neće kazao uvijek preko pod
koju već tri mogu ovog ih svoju bili imao osoba dolara mu pred ni uz me prvi oko predsednik nas pa
vlade kraju dio mesto`},
		{"ro", `de în și la să că din care un pentru cu pe au nu este mai se fost ce al lui declarat spus va după ar
fi ca când am sunt el dar ani dacă acest într persoane acesta dintre timp mult unui unei sau privind
echipei le vor iar această ceea fie până are trebuie faptul cele ne doar cel avut despre lucru
împotriva era mod potrivit precum milioane avea fața putea mi ale său două acord trecut echipa anul
își acestea multe către sâmbătă foarte mare vârstă toate cadrul acum vineri înainte parte prima mea
ai nou fel`},
		{"ca", `de la que el va un per del en una les els al amb no ha es és dels més com van seu però dir després
seva han ser si se als anys cap persones segons any sobre partit fer hi tot havia quan entre era ho
ja durant perquè país ara milions també des aquest part aquesta contra pel acord fet dos seus dona
passat abans fins què molt estat em veure fa política president dissabte setmana dia està lloc això
sense estava mentre té afirma gran cada primer són equip divendres tres primera nova qui hem he
favor uns nou mai declarat`},
		{"gl", `de que do un en os para da se unha non no as ao por na seu dos con máis súa pero como anos despois
das foi afirmou aos persoas sobre dixo entre seus está ano partido cando nos durante segundo desde
co este coa dun aínda ou tamén millóns contra ás nun dunha país pola era polo nunha parte ser xa hai
declarou só acordo presidente política mentres primeiro antes todo sábado semana estaba nas engadiu
momento tres día nova ata dous venres pasado vez sen tiña equipo muller miña cada súas moi lle son
esta así ten afirma tan nin fin favor caso gran ter ante`},
		{"eu", `eta zuen ez bat da du esan egin zen izan bere baina ere dute ek ari en dela baino den zuten dira
behar nahi duen batean beste batek ziren ditu zuela edo ko ondoren adierazi izango egiten dio lehen
eman zituen pertsona zela duela hori hainbat nire azken bi gehiago hau zion arabera dago direla
milioi urte hil oraindik baten alde dituzte egindako dugu gure oso izateko gabe dut duten gero
ostean alderdi aurka esaten aurrean gertatu joan lan hiru artean gisa egiteko eko bitartean buruz
ondorioz arte haren egingo zegoen honetan lortu gehitu hitz atera parte ikusi ia`},
		{"et", `ja on et ta kui ütles oma ei oli mis see kes kuid pärast tema nad seda üle aasta pole aastal ning
mida selle ka eest nii nende vastu kas või tagasi kus meie enam ajal üks iga me vaid nagu nüüd minu
seoses sel kuna kohta enne võib laupäeval olnud mitte end kuidas väga ees oleks lisas kogu sest teda
need tegemist aastane ole sai olla aastat oleme palju mees mille siis president veel kuni rohkem
toimunud välja olen riigi ära päeva tõttu midagi eelmisel arv teatas kohaselt olid sõnul kahe jaoks
osa poole talle valitsuse saada anda sama`},
		{"lv", `un ir ka par ar no viņš kas lai bija kā uz viņa pēc kad to teica taču tas vai savu arī tā nav bet ko
viņu pret mēs tika gada līdz nekā jo gadā vairāk ja vēl gan kuri viņi tiek cilvēku laikā tikai tam
būtu gadu būs gadus tās tad kuru pie valsts pirms mums jau paziņoja mūsu sacīja šo varētu informēja
šajā ļoti apgalvo tiks kurš kurā kuras kopš savā sestdien var savas cilvēki bez viens viņam dēļ
viņiem spēlēs vēlas kura pasaules starp kur piektdien pagājušajā šī daudz trīs kungs viņas ne
svētdien dienu aizvien tagad tik man pat viena`},
		{"lt", `ir kad jis buvo iš su dėl tai kai savo yra sakė kaip bet metų teigė ar taip po jo už apie per nuo
tačiau žmonių pat prieš to daugiau nei ne gali ji jie nes dar bus būtų jos turi tik jų prie vis mano
nors jau iki kurie metais dabar kas teigia šį šeštadienį be pranešė metu būti vienas kuri kurį darbo
daug pasaulio labai teismo jam kuris jeigu kalbėjo jei kurių mūsų nėra tada jog dieną sako pridūrė
tuo man savaitę jį amžiaus arba dolerių metus žmonės ką as skaičius viena šios kol pagal tam net
tiek kur`},
		{"is", `að og sem til við er hann fyrir sagði um því það með en af eftir var ekki frá ég hefur hafa yfir þar
þegar þetta hans verið eru hún þeirra hefði gegn væri upp fram vegna voru hafi eða myndi árið vera
úr sér ef samkvæmt þeir sig ára hjá aftur svo þá einnig enn þeim okkar út hvort sé fá milli síðan nú
segja áfram hr mér hins vegar fyrsta eins þess manns sínum kom þau undir meðal mun sín sína segir
fólk koma okkur sinni hafði sinn laugardag mig hennar fara áður taka halda sitt ná inn utan`},
		{"ga", `an ar agus go na ag sé le chun dúirt bhí in is sa de leis raibh mar do gur atá bhfuil faoi ach sin
ina seo as siad ní nach bheith níos tar éis ná duine ann acu eile nuair chur sí amach san aghaidh dá
ba den daoine rud dhéanamh air mé nó maith féin thug iad sna faoin don ón aige chuid lucht rinne lá
lena chuir chomh thabhairt mo chéad bith idir maidir isteach mó trí deireadh amháin gan aon arsa
gach bliain tháinig mbeadh chuig ndiaidh os dar má am son`},
		{"cy", `yn ar ei wedi yr bod gan ac eu am ôl cael fod ond mewn sy oedd ni wrth na fe sydd meddai fel un yw
gyda wnaeth bobl ddydd nhw fy gael dweud blaid hynny at hyn erbyn hi byddai bydd nid nad ddim er mis
gyfer oed cyn wlad mwy oherwydd ym dod gwneud ein newydd yng newid unrhyw ddweud pan dros rhoi hefyd
chi fydd enw hwn llawer hyd dim ers beth iawn neu heb byd iddo arall rhan yna fyddai mynd eraill roi
rhaid cyntaf ail rhwng ag os dal mai mi tu lle ben nag nos hon hun nes`},
		{"mt", `li ta tal il fil ma minn qal biex fuq qed fl huwa mill kien għal tiegħu is għall wara aktar se lil
iżda lill dan sena dwar ħafna hija tas meta it ir kienet kif xi bħala jekk mhux din kontra tat mod
tagħha ewwel id huma tagħhom bil kienu nhar mal persuna tad jew hekk qalet oħra dak qabel fi fis
hemm in billi fit dawk politika tiegħi pajjiż tagħna hu ebda nies jgħid aħħar bħal tan jkun ser waqt
ġdid issa minħabba qorti ġie ukoll bl biss tar filwaqt tim hi mara bi mit milli`},
		{"sq", `të në një dhe për se që me nga më së do është ai nuk ka tij tha duke si ishte por po mund pas shumë
kanë parë gjatë prej tyre këtë janë kishte shpreh ta pasi saj nëse ne duhet edhe përpara vitin kur
disa cili ata ajo kjo dy gjithashtu atë cila pa mbi kundër ku fundit vetëm kaluar ndaj mënyrë vitit
fund apo gjithë jo jetë ditë mirë çdo tjetër ditën bërë re rreth ndërsa sepse ndërkohë deri diçka
tani lartë thotë çfarë pak dytë unë thënë ende kohë madhe këtij tre jam para tim`},
		{"af", `die het van en in is te wat om nie dat hy vir se sy gesê op met dit hulle as ons was sal ek aan na
maar by deur word oor toe kan my of sê tot jaar meer mense wees moet teen haar daar een hierdie uit
ook eerste baie voor net gaan nadat soos al land sou laat twee maak wil terwyl werk mnr ander nog
president nuwe drie begin jy stem hoe hom geen tussen ten gemaak groot nou gehad voel af vrou
verlede volgens kom omdat steeds so onder volgende gebruik sien doen wie waar man week ná`},
		{"id", `yang dan di untuk pada dari dengan dalam ini saya akan dia tidak mereka telah bahwa tahun itu orang
kepada daripada hari mengatakan ke berkata beliau satu tersebut lebih kami tetapi sebuah saat oleh
para seorang adalah sebagai kata kerana selepas setelah negara menjadi ia boleh kita beberapa karena
ada juga bisa membuat seperti bulan masa hal bagi bahawa dua sama dapat sangat secara mana atau lalu
terhadap jika tentang anda suara kembali lagi banyak baru wanita besar melakukan sudah ingin selama
katanya atas sebelum semasa baik anak presiden mempunyai partai lain apabila ialah harus masih
antara bukan keputusan apa tim jam kes`},
		{"fil", `sa ng na ang mga at isang ni para si hindi noong niya ay kanyang ito kung may nang siya sabi mula ko
dahil pero bilang pa taon tao matapos kanilang nito pag habang mas walang araw lang ako bansa ayon
nila tungkol taong nasa kay bahagi dalawang pang kami unang sila ngayon siyang isa pagkatapos laban
ilang nakaraang naging ngunit niyang maging saan lahat rin aking nag dapat nilang naman mahigit mag
iba iyon din kasama bagong gusto bago pamahalaan tatlong pagitan namatay mo hanggang daan apat buwan
maraming laro kong anak lamang buong pamamagitan lalaki pamilya babae ba ano kontra`},
		{"sw", `ya na wa kwa katika kuwa la za ni alisema cha kama lakini yake siku zaidi wakati baada watu kutoka
mwaka ili miaka kwamba kwenye wake ambayo kura nchi alikuwa vya hiyo kwanza kazi ambao ikiwa sana
sasa dhidi kuhusu maoni moja mara pia hatua kufanya mkutano kati sababu mkono mwenye tu kipindi au
hali umri hivyo ambaye hilo mmoja mkuu mtu ilikuwa eneo pamoja nchini kupata nje bila kabla huko huu
huo mwa njia serikali tena milioni hii hadi kila wengine huyo huku karibu wengi idadi hayo mwezi
mpya mbele kutokana mwisho kesi nyumbani nafasi hili hivi vita bado ana ina kuna si huwa`},
		{"tr", `bir ve bu için da de söyledi olarak in ın daha olan sonra dedi olduğunu ancak nin günü göre çok ile
en iki kadar yıl nın gibi ilk iyi son konusunda büyük ye un den yeni ama her karşı fazla tarafından
önce şu devam değil oldu daki cumartesi etti ne biri eden yüzde arasında gün ediyor geçen üç şekilde
cuma veya tüm yaşındaki olduğu milyon ortaya hakkında ikinci belirtti gelen birçok bulundu kendi dan
anda yaptı kişi deki gerektiğini yapılan dört ulusal diğer şöyle diye zaman kez pazar bazı olmak
hafta ise şey geri ay var etmek yi onu tam`},
		{"az", `və bir üçün bu ki ilə olan də sonra onun çox günü kimi lakin edən görə daha da baş edir biz qarşı
etmək etdi edib bildirib dedi il olduğunu olaraq hər idi iki bağlı belə bildirdi tərəfindən ən davam
qədər böyük deyə deyib ci deyil onlar ilk şəkildə barədə son yaxşı yeni mənim öz cümə arasında əvvəl
şənbə gün nə qeyd əsasən məhkəmə var nin əldə heç ildə hiss iştirak dəfə isə geri edərək hələ bilər
üç bazar daxil yenidən etdiyi edə əlavə keçən üzrə səbəb bütün artıq zaman istifadə çünki onların
bunu yaşlı oldu edilən ilin onu milli ın milyon ikinci biri olduğu şey saat adam tam`},
		{"uz", `va bilan uchun bu bo bir deb ham dedi kuni uning qarshi ko edi men keyin haqida mumkin qilgan biz
shu yil qildi to bosh xabar bergan ular ammo kerak olib tomonidan yoki juda ikki qo esa eng aytdi
unga ega hamda orqali yaxshi birinchi ta hech har qanday berdi janob uni yangi aytgan qilish ortiq
sud shunday emas kishi biri qayta qilib lgan yordam sifatida ularning ovoz katta davom tufayli kabi
nisbatan amalga haqidagi lekin ushbu mamlakat berish yo ikkinchi milliy ish ni etdi boshqa olgan so
ga yana kun hali hal hafta`},
		{"tk", `we bilen ol üçin bir öz diýip bu hem şeýle aýtdy onuň da şu ýöne iň barada güni bolup bolsa de şol
nji soň iki bolan görä etdi ýaly has diýdi ýyl biz özüniň ýer öňe köp tarapyndan adam yň nyň ýa
habar geçen sebäpli hiç olar boldy berdi däl boýunça njy ýok etmek ony baradaky garşy sebäbi edip
dowam meniň gezek aýdýar täze alyp edýär ses bar soňra birnäçe şenbe ýylda her gün edýän özüne
gowrak bäri arasynda olaryň häzirki başga gowy diňe toparynyň üç öňünde hökmünde aýtmagyna geçirilen
beýan anna ýaşly soňky milli almak oňa ýüz güýçli ýurduň hili den eden dört biri`},
		{"vi", `của và một đã các trong người cho là có với không tôi ông khi được vào rằng những tại năm cuộc nói
về anh này ra sẽ quốc để động công việc bị chúng sự thể gia sau chính từ đó họ thứ trước đang lại
nhưng hội đầu phải điều nhân nhà số biết thành viên nhận trên theo đối như ta mình hai dân hàng hiện
tin phát hơn đồng quan ngày làm cầu vì nhiều tới tháng đây biểu trận cô chiến đến cũng thủ đưa thấy
cách thế tế tình cáo con bỏ chủ do ba trí hy vi`},
		{"ha", `da na ya ta ba cikin wani su kuma yi ne mai cewa sun shi daga ga don ce ke za yana masu suka yan
bayan zuwa kan zai wanda wannan amma an tare zama aka wata lokacin ranar mu ma gaba abin mutane har
ko iya ƙasa wa ci yanzu inji yadda babban shekaru nuna suna kamar wasan dan yake aiki kai biyu ji
ake kasa akan sami game yin idan sake fiye saboda wasu duk nan haka yawa duniya shugaban in hanyar
matsayin tana inda kawai shekara samun abu sosai kawo jam baya waɗanda wasa fara gida sai ra son so
ka mun ana ni san zo al din bar fi sama yar`},
		{"so", `oo ee ka ku ah ay iyo ayaa uu in la waxay soo si waxa ugu inay waa wuxuu waxaa aan lagu inuu sida
badan loo mid sheegay kale wax yiri dib ayuu markii kadib ma aad laga leh iyada haddii dadka qof
inta tahay inaan isku laakiin ama hore ahaa marka sidoo gudaha ilaa laakin saabsan yidhi sii hor
loogu kaas isaga ahaan go hal yahay kala wanaagsan sare jiraan kuwa lahaa hadda taas dhaafay kooxda
cusub weyn weli wadanka dhinaca way uga sheegtay sanno iska adag yar sababtoo isagoo labo guud
sameeyay kaliya dhacay guriga dad iyaga tani nin tan`},
		{"mi", `te ngā ki ana me ka he mō kī ia tētahi ko atu mai tana tau kua kāore rātou kei kia ai engari anō
tēnei hei wā roto kōrero muri whai tino mua ake nui mahi mea ahau nā haere tonu kore mātou tāngata
whenua ētahi puta rawa mā nō rā whakaaro mate mēnā tērā pōti rōpū au tā noho pai motu runga noa
tuatahi tuku ao hunga hoki kāwanatanga pā taua tae rānei tōna rāua taea pērā hoa nei tangata tātou
tautoko katoa whakahē wāhi neke rua hiahia hui āhuatanga tata tākaro koe toa mana tika roa ara`},
		{"yo", `ti àwọn ni ní kan náà ó láti tí awọn fún tó tí ede àti ní ninu sọ sí orilẹ fi ohun ṣe
àwọn ati rẹ̀ pe wọn ṣe wa bí lati fun ilé wọn wọ́n pé yóò pẹ̀lú sọ ọmọ lórí si eyiti
eniyan sì mi fún gba láti kò wọ́n jẹ wipe ara àwọn nínú òun gbogbo wà di ọdún sọpé kí ju
pé ẹgbẹ́ tó àti naa máa iṣẹ́ le sí leè nípa jẹ́ ètò jẹ́ ìlú bíi pẹlu náà bá ọmọ òun
lẹ́yìn ogun ilẹ̀ rẹ ṣùgbọ́n omi ló ọjọ́ lọ bi ile pa mu ko lo gan san`},
		{"zu", `ukuthi futhi ne kodwa ngo ku ukuba abantu ngemva noma kusho we lapho ukuze kanye no uthe uma engu
wase ama kakhulu ye uthi njengoba kuka phakathi le uye kube manje ka wakhe ngokuthi ngaphandle kwe
yase yakhe ngesikhathi wonke khona nge yini indlela iqembu wathi ngoba nje ezingu zonke of lokhu
phambili ngenxa lokho lakhe phansi umuntu emva kokuba mayelana phambi ngaphambi kanti kahle ngu
isikhathi ngonyaka esho ethi lo eminyakeni naye omunye kuphela yabo ngayo kwi abangu angu zase
indawo kusukela ngeke yi ithi edlule amazwe abanye lesi abaningi izwe kwakhe odlule amabili
umsebenzi be ze kulo oneminyaka kuma kule baye yonke ke`},
		{"xh", `ukuba kunye kwaye kodwa emva abantu kwi xa le ngo uthe ye ukuze ne kokuba malunga kule utshilo we
okanye phakathi lo yakhe ngenxa ngoku wakhe kuba kwe into uthi kakhulu ngaphambi apho oko uye wathi
kulo lakhe njengoko esitsho umntu inkxaso kwakhona omnye nto ngelixa ezi eli yokuba indlela phambili
kwakhe kakuhle ixesha engu kufuneka yonke kunjalo ngaphandle ethi kuphela ngayo ezimbini yaye
abaninzi uya zabo engama lwe naye abanye ngokuba nokuba baye phantsi kuya ingxelo kwexesha ze loo
yase lonke ngendlela watsho bakhe lokuba oneminyaka okwangoku kusitsho nje enye kuye enkulu ngexesha
kuthi wase nge phambi yabo indawo veki koko kube ithi kusho`},
		{"mg", `ny amin an tsy ireo fa ho dia no tamin izy ilay sy izay ary any izany ao hoy tany hoe olona izao
raha io avy tao teo na taona ka iray mba azy ity tena momba eo misy rehefa efa koa ihany nisy aho
mbola be anatin nandritra mety satria ara isan noho toy firenena tsara taorian hafa voalohany
zavatra aza toerana fomba indrindra roa lasa saingy pirenena afaka indray anefa araka mpanao fotoana
maro mihitsy volana aloha sady andro nahazo vehivavy toa anisan nanao manana hatramin azo ady tokony
fitsarana lalao am kosa vaovao lehibe kokoa fitaovam politika isa bola ela`},
	}
}
