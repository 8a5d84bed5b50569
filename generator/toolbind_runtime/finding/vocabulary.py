"""What people say, beside what documents say: data, in words as they are usually written.

A row of `PHRASES` and `SYNONYMS` holds on its left the words of documents, on its right what stands
for them in requests; rows are parted by line ends or semicolons. `VERBS` says which methods a
request's verb asks for. Imports nothing.
"""

STOP_WORDS = """
a an the this that these those it its it's and or but if but then than so as at by for from in
into of off on onto out over per to up upon via with within without about after again all also
am any are be been before being both can could did do does doing don't done each either ever
every for had has have having he her here him his how i'm is just let like may me might more
most must no nor not now only other our ours own please same shall she should some such t s d ll
m re ve they them their there too us very was we were what what's when where which while who
who's whom whose why will would you your yours many much one ones yes ok okay great good nice
cool well fine never mind hi hello hey thanks thank got want wants wanted need needs tell show
using use used made make makes give gives get gets put puts go goes going take takes people
thing things something anything everything everybody anybody somebody someone anyone everyone
"""
"""Words of a request that tell nothing about which operation it is."""

OWN_WORDS = "i me my mine"
"""Words that point at the one who asks."""

OWN_NAMES = "authenticated me"
"""What documents call the one who asks."""

SEARCH_WORDS = "search find lookup query"
"""Words by which documents name operations that find things."""

LIST_WORDS = "all every list which"
"""Words that ask for several, not for one."""

LIST_NAMES = "list"
"""What documents call giving several."""

COMMON_WORDS = """
add begin call cancel change check clear copy create delete disable download edit enable end find
give insert list look mark move name new open pause play post put read remove rename replace save
search see send set show start stop switch take turn undo update upload view write
best current data date day details first info information item kind last latest month newest next
now number old popular previous recent right second status third time title top type week year
"""
"""Verbs and qualities that fit every kind of thing."""

EVERYTHING = """
api apis available capabilities commands endpoints everything functions help methods operations
possible supported tool tools
"""
"""Words of a request for all that there is, where no tool is about one of them."""

PHRASES = """
delete remove destroy: get rid of, throw away, throw out, take away
delete remove destroy: take off, wipe out, do away with
create add: set up, spin up, sign up, write up, put together, make a new, make me a, make a
create upload: put up
revoke undo remove cancel delete: take back
webhook subscribe: whenever, every time, know when
activity event: lately, been up to
convert render: turn into
cancel stop: call off, shut down
close: shut down, wrap up
stop disable: turn off, switch off, shut off, stop bothering, stop sending
start enable: turn on, switch on, power on, fire up
start trigger run dispatch: kick off, set off
rerun retry restart: start over, start again, run again, try again, do over
list: what are the, what is there, what do we have, what have we, which are there
count: how many, number of
usage billing cost: how much
authenticated me current user: who am i, logged in, signed in
authenticated me current user: my account, my own account, my profile
search: look for, look up, where is, where are
assign: hand to, hand over, give to
transfer: give away, hand over
approve accept: say yes, let through, sign off, go ahead
reject decline deny: say no, turn down
invite add: let in, get into, bring in
remove member: kick out, throw out
subscribe watch: keep me posted, let me know, sign up for
unsubscribe mute: stop bothering, stop emailing, stop notifying
download export: save to disk
update rename: call it, should be called
restrict protect: not allowed, should not be able, nobody should, do not let
permission access collaborator: is allowed, who may, who can, be able to
status: how far, how is, is done, gone through, got through
latest: most recent, last time
code search: in the code
check status: turned green, all green, is green, gone red
"""

SYNONYMS = """
accept: approve agree; access: permission right allow; account: user profile login;
actions: ci pipeline; activity: event action;
add: create insert append attach put include give grant join assign; address: location street;
advisories: vulnerabilities disclosures reports; advisory: vulnerability security;
album: record music; alert: warning hole vulnerability leak;
alerts: problems warnings findings leaks holes; amount: sum money; appointment: meeting slot;
approve: accept confirm ok allow; archive: store retire; artifact: output binary result file;
artifacts: outputs files binaries results; artist: singer band musician;
assign: give hand delegate; assignee: responsible owner; assignees: owner responsible working;
assignments: homework; attachment: file document; attendee: participant guest;
attestations: provenance proof; authenticated: own logged; author: writer;
balance: money account funds; basket: cart; beneficiary: receiver;
billing: cost spend money pay bill usage invoice minutes; blob: file content; block: ban forbid;
blocked: banned; blocks: banned; booking: reservation reserve; bookmark: favorite save;
branch: line; branches: lines; broadcast: announcement; budgets: spend limit; cache: space;
calendar: schedule appointment agenda; campaign: mailing newsletter;
cancel: abort stop revoke withdraw undo; card: payment; cart: basket; cast: actor actress star;
category: kind genre; channel: room; charge: payment pay; check: test verify; checkout: pay;
checks: test tests ci green passing failing; classrooms: school class; clones: downloads copies;
close: shut finish resolve end; codespace: devbox workspace machine box environment;
codespaces: workspaces machines environments;
collaborator: contributor teammate colleague member person; collaborators: access people members;
comment: reply note remark say feedback; commit: change; commits: history changes revisions;
company: firm business; compare: difference diff change between; conduct: behaviour rules;
contact: person people address; content: file text; contents: file files edit;
contributor: author writer wrote; contributors: developers programmers coders authors;
conversation: chat thread messages; copilot: ai assistant; copy: duplicate clone;
coupon: discount voucher code; course: class lesson;
create: add make new build open start insert register;
create: generate write post file draft put set save store;
credential: password key login; credit: money; credits: actor cast director crew star lead;
currency: money exchange; current: now present; customer: client buyer; deal: sale opportunity;
decline: reject refuse;
delete: remove erase destroy drop discard trash purge wipe scrap kill dump clear revoke;
deliveries: calls attempts; delivery: deliver event;
dependabot: dependency dependencies library libraries; dependencies: libraries packages;
dependency: library package; deploy: ship release rollout server; deployment: rollout release;
destroy: delete remove erase terminate; device: phone machine; diff: changes; directory: folder;
disable: deactivate suspend forbid; discount: coupon rebate; dismiss: ignore hide reject;
dispute: complaint; document: file paper; domain: website; donation: gift;
download: export save grab fetch pull; drafts: notes; drive: file folder document disk;
driver: courier; droplet: server machine vm; email: mail address; emails: mail addresses;
employee: staff worker people; enable: activate allow; enterprise: company corporation;
environment: stage production staging prod; estimate: quote;
event: meeting appointment activity happen; events: happened activity history feed;
expense: cost spend; export: download dump backup; favorite: star like bookmark love; feed: news;
feedback: opinion; fields: columns attributes; file: document; files: changed diff;
firewall: security; flight: plane; folder: directory;;
firewall: follow: subscribe watch track; follower: fan;
followers: fans; following: follow; forecast: weather tomorrow; fork: copy clone duplicate;
forks: copies; form: survey; frequency: often week; game: match; genre: style kind;
get: fetch read retrieve see view check look download what show; gist: snippet paste;
gitignore: ignore ignored; gpg: signing; group: team; guest: visitor; hide: conceal;
hook: webhook callback; hostname: domain; hotel: stay;
image: picture photo photos logo cover poster; import: load upload bring; installation: installed;
instance: server machine vm; interaction: comment;
instance: stranger; inventory: stock; invitations: invites;
invite: ask; invoice: bill; issue: ticket bug problem defect report task;
item: product article thing; items: cards entries; job:;
item: task build; jobs: steps tasks; join: enter;
kernel: system; key: credential token; keys: access; keywords: tags topics; label: tag;
language: written; languages: written programming; latest: newest last recent current;
lead: prospect; leave: exit quit; ledger: book; lesson: course; license: licence legal;
like: favorite love; limit: quota left remaining;
list: show all which what who see display view browse every; listing: offer; lobby: queue;
location: place city address where; lock: freeze close; log: output trace; login: sign;
logs: output; machine: computer hardware; mail: email message; mailbox: inbox; mark: set flag;
markdown: formatted text; meeting: call appointment conference;
member: user person people colleague teammate; members: people employees staff users colleagues;
membership: belong; menu: food dishes; merge: combine join unite land; message: mail email text;
meta: ip addresses; metrics: statistics usage numbers; migrations: move;
milestone: deadline goal plan; milestones: deadlines sprint goals; move: transfer shift relocate;
movie: film; network: vpc; note: memo remark;;
movie: notification: unread inbox message news; offer: deal;
opportunity: deal; order: purchase buy; org: organization company; organization: org company firm;
organizations: companies orgs; outside: external contractor;
organizations: freelancer stranger; owner: admin boss;
package: library container image module; packages: containers images libraries docker published;
page: site; pages: site website; parent: above; participant: attendee member;
participation: active; passenger: traveller; paths: pages; payment: charge pay;
permission: access right allow role; person: actor actress director people who;
phone: telephone number mobile; photo: picture image; pin: stick; ping: test; pipeline: funnel;
plan: subscription tariff; playback: play music song pause skip; player: play playback listen;
playlist: mix songs; popular: best famous visited; post: article entry; preference: setting;
price: cost; private: visibility; product: item article goods; profile: account me bio;
projects: board kanban; promote: admin; property: house; protection: rule forbid protected;
publish: release share ship; pull request: pr merge change; punch: hour day; question: ask;
queue: next; quote: estimate price; rate: request; rating: stars score;
reaction: emoji thumb like smiley heart; reactions: emoji thumbs hearts; readme: introduction;
receipt: bill proof; received: inbox; recipe: dish food; recipient: receiver;
recommendations: suggest recommend; record: entry; redeliver: resend again; reference: branch tag;
referrer: source visitor; refresh: renew update; refund: money; region: area;
reject: decline deny refuse dismiss; release: version ship publish; reminder: remind;
remove: delete drop detach unlink kick expel take clear; rename: call name;
render: format preview show convert; reply: answer respond; repo: repository project;
report: statistics overview; repository: repo project codebase;
rerun: retry repeat again restart redo; resend: again; reservation: booking book table;
reset: clear change; restaurant: food; restore: recover undelete bring back; restrictions: limits;
result: outcome; return: refund; review: look approve; reviewers: reviewer look;
reviews: approvals feedback approved; reward: points bonus; ride: taxi trip;
role: permission right; roles: rights permissions admins; rotate: renew change;
rulesets: rules policy; run: start launch execute build pipeline job ci;
runner: machine agent server worker; runners: machines servers agents hosts; sale: deal;
sbom: dependencies ingredients; scanning: scan leak leaked exposed analysis;
schedule: plan calendar timetable; score: points; search: find look locate query seek hunt where;
season: episode; seat: licence user; seats: licences users; secret: password credential key token;
secrets: credentials passwords tokens keys variables; section: part; segment: group;
send: deliver submit mail email forward post; server: machine; session: login;
set: change define choose configure; setting: preference option;
settings: preferences options configuration; share: publish send; shift: work;
shipment: parcel package delivery; shipping: delivery; similar: like alike; site: website page;
sku: product; slot: time; snapshot: backup copy image; social: twitter linkedin; space: room;
speaker: talk; ssh: key; star: favorite like;
speaker: bookmark; stargazer: star fan; stargazers: fans likes;
start: run launch begin trigger execute boot resume; statistic: count number;
status: state green red passing failing health progress; statuses: state green red;
stock: inventory; stop: end abort halt quit terminate kill cancel pause; store: shop; story: post;
student: pupil; subissues: subtasks children; subscribe: follow watch notify;
subscribers: watchers; subscription: plan; supplier: vendor; survey: form poll;
suspend: ban freeze deactivate block; sync: update refresh align; tag: label version;
tarball: tar archive download; task: todo job; tax: vat; team: group squad club;
teams: groups squads; template: boilerplate sample; test: try ping;
thread: conversation discussion; ticket: issue case request; timeline: history happened activity;
timeoff: holiday vacation leave; token: key credential; top: best highest;
topics: keywords tags subjects; track: song music; tracking: parcel where;
traffic: visit visitor view; transaction: payment purchase; transfer: move give hand payment send;
tree: folder directory files; trending: popular hot; trigger: start launch dispatch run fire;
trip: travel journey; tv: show series; unblock: unban; unsubscribe: unfollow mute leave stop;
update: change edit modify alter set adjust amend fix correct replace switch;
update: rename turn move close reopen archive hide mark complete finish resolve;
upload: attach import add; usage: cost spend consumption;
user: person people account somebody someone member me; validate: check verify;
variables: settings configuration environment; vehicle: car; vendor: supplier;
verify: check confirm; versions: releases; view: visit look seen; views: visits visitors looked;
visibility: private public; volume: loud quiet disk; vote: poll;
vulnerability: hole cve security weakness; wallet: money; warehouse: stock;
watch: follow subscribe; watchers: subscribers; weather: rain sun; webhook: hook callback;
webhooks: callbacks; workflow: pipeline ci build; zipball: zip archive download; zone: area
"""

VERBS = """
DELETE: delete remove erase destroy drop revoke clear kick discard purge
DELETE: unfollow unstar unblock uninstall
POST PUT: create add make new open write post insert register send upload start invite fork
PATCH PUT: update change edit modify rename set alter adjust replace mark
GET: list get show which what who search find read;
GET: fetch view display how is are has have check see;
GET: download when where count look
"""
