"""Names for the demo: people, places, schools."""

from random import Random

FAMILY = [
    "Nguyễn",
    "Trần",
    "Lê",
    "Phạm",
    "Hoàng",
    "Vũ",
    "Đặng",
    "Bùi",
    "Đỗ",
    "Hồ",
    "Ngô",
    "Dương",
    "Đinh",
    "Phan",
    "Trịnh",
    "Đào",
    "Mai",
    "Lương",
]
MIDDLE_F = ["Thị Thu", "Thị Hồng", "Thị", "Ngọc", "Thị Minh", "Thanh", "Thị Phương", "Thúy"]
MIDDLE_M = ["Văn", "Đức", "Minh", "Quang", "Xuân", "Hữu", "Đình", "Tiến"]
GIVEN_F = [
    "Ánh",
    "Bình",
    "Chi",
    "Dung",
    "Giang",
    "Hà",
    "Hạnh",
    "Hiền",
    "Hoa",
    "Huệ",
    "Hương",
    "Lan",
    "Linh",
    "Mai",
    "Nga",
    "Oanh",
    "Thảo",
    "Thủy",
    "Yến",
]
GIVEN_M = [
    "An",
    "Bách",
    "Cường",
    "Dũng",
    "Đạt",
    "Hải",
    "Hiếu",
    "Hùng",
    "Khánh",
    "Long",
    "Nam",
    "Phong",
    "Quân",
    "Sơn",
    "Thành",
    "Tuấn",
    "Việt",
    "Đức",
]
PLACES = [
    "Anh Dũng",
    "Hưng Đạo",
    "Đa Phúc",
    "Hòa Nghĩa",
    "Tân Thành",
    "Hải Thành",
    "Cự Khối",
    "Giang Biên",
    "Phúc Lợi",
    "Sài Đồng",
    "Thạch Bàn",
    "Việt Hưng",
    "Ngọc Thụy",
    "Bồ Đề",
    "Lê Lợi",
    "Hưng Bình",
    "Quang Trung",
    "Trung Đô",
    "Bến Thủy",
    "Hưng Dũng",
    "Nghi Phú",
    "Vinh Tân",
    "Đông Khê",
    "Lạch Tray",
    "Cầu Đất",
    "Vạn Sơn",
    "Ngọc Xuyên",
    "Minh Đức",
    "Bàng La",
    "Hợp Đức",
]
PATRONS = [
    "Kim Đồng",
    "Lê Quý Đôn",
    "Nguyễn Trãi",
    "Trần Phú",
    "Võ Thị Sáu",
    "Chu Văn An",
    "Nguyễn Du",
    "Lê Hồng Phong",
    "Hoa Sen",
    "Sơn Ca",
    "Họa Mi",
    "Hoa Hồng",
    "Nguyễn Bỉnh Khiêm",
    "Ngô Quyền",
    "Hồng Bàng",
    "Lý Tự Trọng",
]
FLOWERS = ("Hoa Sen", "Sơn Ca", "Họa Mi", "Hoa Hồng")
SHORT = {
    "MN": "MN",
    "TH": "TH",
    "THCS": "THCS",
    "TH_THCS": "TH&THCS",
    "THPT": "THPT",
    "THCS_THPT": "THCS&THPT",
    "TH_THCS_THPT": "TH,THCS&THPT",
    "GDTX": "TTGDTX",
    "GDNN_GDTX": "TTGDNN-GDTX",
}


def person(random: Random) -> str:
    if random.random() < 0.65:
        return " ".join(map(random.choice, (FAMILY, MIDDLE_F, GIVEN_F)))
    return " ".join(map(random.choice, (FAMILY, MIDDLE_M, GIVEN_M)))


def school(random: Random, school_type: str, taken: set[str]) -> tuple[str, str]:
    """(short name, place), never the same short name twice."""
    for attempt in range(1, 10_000):
        place = random.choice(PLACES)
        patrons = FLOWERS if school_type == "MN" else PATRONS[:8]
        title = place if random.random() < 0.6 else random.choice(patrons)
        short = f"{SHORT[school_type]} {title}"
        if attempt > 20:
            short = f"{short} {attempt - 19}"
        if short not in taken:
            taken.add(short)
            return short, place
    raise RuntimeError("No name left for a demo school.")
